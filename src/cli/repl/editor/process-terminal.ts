import { constants } from "node:os";
import { type Editing, editText } from "./edit-text.ts";
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
  let editing: Editing | undefined;
  let ending = false;
  /**
   * Ends as the signal does by itself, once the editor has gone and the terminal is as it was. A terminal that is gone cannot be set,
   * which is no reason to stay.
   */
  const endBy = async (signal: NodeJS.Signals): Promise<void> => {
    ending = true;
    try {
      await editing?.close(signal);
      release();
    } finally {
      process.kill(process.pid, signal);
      process.exit(128 + constants.signals[signal]);
    }
  };
  return {
    hasColor,
    columns: () => stdout.columns || 80,
    rows: () => stdout.rows || 24,
    write: (text) => void stdout.write(text),
    enter(on) {
      const data = (chunk: Uint8Array): void => on.input(decoder.decode(chunk, { stream: true }));
      const resumed = (): void => {
        // The shell has changed the mode while we slept, so the runtime's record of it is wrong.
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
      else void endBy("SIGINT");
    },
    suspend() {
      raw(false);
      // The whole group, as the terminal itself would: the shell waits for whatever it started, such as npx.
      process.kill(0, "SIGTSTP");
    },
    async edit(text) {
      // Keys that are typed now belong to the editor.
      stdin.pause();
      raw(false);
      try {
        editing = editText(editor, text);
        return await editing.text;
      } finally {
        editing = undefined;
        if (!ending) {
          raw(true);
          stdin.resume();
        }
      }
    },
  };
}
