import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import type { TerminalSettings } from "../config/shared-variables.ts";
import type { Input, Output } from "./context.ts";
import { visible } from "./visible.ts";

const UNKNOWN_WIDTH = 80;
const UNKNOWN_HEIGHT = 24;
/** The exit code that a shell reports for a program that SIGPIPE has ended: 128 + 13. */
const BROKEN_PIPE_CODE = 141;

/** Most bytes that are read from a pipe: the server takes no longer request. */
const MAX_INPUT_BYTES = 64 * 1024 * 1024;

/**
 * Ends the process when its output cannot be written: silently when nobody reads it any more, as in `llamero run m x | head -1`, else
 * with the reason. With the process goes its request, so the server stops generating. A log that cannot be written, on a full
 * disk or a terminal that was closed, is lost and nobody can be told; the server goes on.
 */
export function endOnFailedOutput({ stdout, stderr }: Pick<NodeJS.Process, "stdout" | "stderr">): void {
  const onBroken = ({ code }: NodeJS.ErrnoException): void => {
    if (code === "EPIPE") process.exit(BROKEN_PIPE_CODE);
  };
  stderr.on("error", onBroken);
  stdout.on("error", (error) => {
    onBroken(error);
    try {
      writeSync(2, `Error: the output cannot be written: ${error.message}\n`);
    } finally {
      process.exit(1);
    }
  });
}

export function processOutput(stream: NodeJS.WriteStream, settings: TerminalSettings): Output {
  const isTerminal = stream.isTTY === true && !settings.dumb;
  return {
    isScreen: stream.isTTY === true,
    isTerminal,
    hasColor: isTerminal && !settings.noColor,
    columns: () => stream.columns || UNKNOWN_WIDTH,
    rows: () => stream.rows || UNKNOWN_HEIGHT,
    write: (text) => void stream.write(stream.isTTY === true ? visible(text) : text),
    draw: (text) => void stream.write(text),
  };
}

export function processInput(stream: NodeJS.ReadStream): Input {
  return {
    isTerminal: stream.isTTY === true,
    async readAll() {
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of stream) {
        bytes += chunk.length;
        if (bytes > MAX_INPUT_BYTES) throw new Error(`the input has more than ${MAX_INPUT_BYTES} bytes`);
        chunks.push(Buffer.from(chunk));
      }
      return Buffer.concat(chunks).toString("utf8");
    },
  };
}

/** See {@link Cli.onInterrupt}. */
export function onInterrupt(stop: () => void): () => void {
  process.on("SIGINT", stop);
  return () => process.off("SIGINT", stop);
}

/** See {@link Cli.ask}. */
export async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string>((resolve) => {
      lines.once("close", () => resolve(""));
      lines.question(question, resolve);
    });
  } finally {
    lines.close();
  }
}
