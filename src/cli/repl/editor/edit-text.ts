import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf } from "../../../lib/error-code.ts";

/** How long an editor may take to put its terminal in order before it is killed, in milliseconds. */
const CLOSING_MS = 1_000;

/** A text in the user's editor. */
export interface Editing {
  /** The edited text. @throws Error when there is no such editor, or it fails. */
  readonly text: Promise<string>;
  /** Passes on the signal that ends this process. Resolves when the editor has gone, and its file. */
  close(signal: NodeJS.Signals): Promise<void>;
}

/** Opens a text in an editor on this process's terminal. @param editor a command line, e.g. `code --wait`. */
export function editText(editor: string, text: string): Editing {
  const [command = "", ...args] = editor.split(/\s+/);
  const folder = mkdtempSync(join(tmpdir(), "llamero-"));
  const file = join(folder, "ollama-prompt.txt");
  let child: Bun.Subprocess | undefined;
  const edited = async (): Promise<string> => {
    try {
      writeFileSync(file, text, { mode: 0o600 });
      child = Bun.spawn([command, ...args, file], { stdio: ["inherit", "inherit", "inherit"] });
      const code = await child.exited;
      if (code !== 0) throw new Error(`editor "${command}" ended with ${child.signalCode ?? code}`);
      return readFileSync(file, "utf8");
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
      throw new Error(
        `editor "${command}" not found, set OLLAMA_EDITOR to the path of your preferred editor`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const result = edited();
  return {
    text: result,
    async close(signal) {
      child?.kill(signal);
      const kill = setTimeout(() => child?.kill("SIGKILL"), CLOSING_MS);
      await Promise.allSettled([result]);
      clearTimeout(kill);
    },
  };
}
