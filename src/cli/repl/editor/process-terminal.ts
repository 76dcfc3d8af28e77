import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf } from "../../../lib/error-code.ts";
import type { Terminal } from "./terminal.ts";

const PASTE_ON = "\x1b[?2004h";
const PASTE_OFF = "\x1b[?2004l";
/** They end the process; the terminal has to be as before when they do. */
const ENDING = ["SIGTERM", "SIGHUP"] as const;

/**
 * The process's own terminal.
 *
 * @param editor a command line, e.g. `code --wait`.
 */
export function processTerminal(hasColor: boolean, editor: string): Terminal {
  const { stdin, stdout } = process;
  const decoder = new TextDecoder();
  let release = (): void => {};
  const raw = (on: boolean): void => {
    stdin.setRawMode(on);
    stdout.write(on ? PASTE_ON : PASTE_OFF);
  };
  /** Ends as the signal does by itself, once the terminal is as it was. */
  const endBy = (signal: NodeJS.Signals): void => {
    release();
    process.kill(process.pid, signal);
  };
  return {
    hasColor,
    columns: () => stdout.columns || 80,
    rows: () => stdout.rows || 24,
    write: (text) => void stdout.write(text),
    enter(on) {
      const data = (chunk: Uint8Array): void => on.input(decoder.decode(chunk, { stream: true }));
      const resumed = (): void => {
        // The shell has changed the mode while we slept, so what the runtime believes of it is wrong.
        stdin.setRawMode(false);
        raw(true);
        on.resume();
      };
      stdin.on("data", data);
      stdin.on("end", on.end);
      stdout.on("resize", on.resize);
      process.on("SIGCONT", resumed);
      for (const signal of ENDING) process.on(signal, endBy);
      raw(true);
      release = () => {
        release = () => {};
        stdin.off("data", data);
        stdin.off("end", on.end);
        stdout.off("resize", on.resize);
        process.off("SIGCONT", resumed);
        for (const signal of ENDING) process.off(signal, endBy);
        raw(false);
        stdin.pause();
      };
    },
    leave: () => release(),
    interrupt() {
      // In raw mode Ctrl-C is a character. Nobody listens: it ends the process, as it would by itself.
      if (process.listenerCount("SIGINT") > 0) process.emit("SIGINT");
      else endBy("SIGINT");
    },
    suspend() {
      raw(false);
      // The whole group, as the terminal itself would: the shell waits for whatever it started, such as npx.
      process.kill(0, "SIGTSTP");
    },
    async edit(text) {
      // What is typed now is the editor's.
      stdin.pause();
      raw(false);
      try {
        return await editText(editor, text);
      } finally {
        raw(true);
        stdin.resume();
      }
    },
  };
}

async function editText(editor: string, text: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "llamero-"));
  const file = join(folder, "ollama-prompt.txt");
  const [command = "", ...args] = editor.split(/\s+/);
  try {
    writeFileSync(file, text, { mode: 0o600 });
    const child = Bun.spawn([command, ...args, file], { stdio: ["inherit", "inherit", "inherit"] });
    const code = await child.exited;
    if (code !== 0) throw new Error(`editor "${command}" ended with ${code}`);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    throw new Error(`editor "${command}" not found, set OLLAMA_EDITOR to the path of your preferred editor`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
