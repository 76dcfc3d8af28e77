import { createInterface } from "node:readline";
import type { TerminalSettings } from "../config/shared-variables.ts";
import type { Input, Output } from "./context.ts";
import { visible } from "./visible.ts";

const UNKNOWN_WIDTH = 80;
const UNKNOWN_HEIGHT = 24;
/** What a shell reports for a program that SIGPIPE ended: 128 + 13. */
const BROKEN_PIPE_CODE = 141;

/** Most that is read from a pipe: the server takes no longer request. */
const MAX_INPUT_BYTES = 64 * 1024 * 1024;

/**
 * Ends the process when nobody reads its output any more, as in `llamero run m x | head -1`; with it goes the request, so the
 * server stops generating.
 */
export function endOnBrokenPipe(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(BROKEN_PIPE_CODE);
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
