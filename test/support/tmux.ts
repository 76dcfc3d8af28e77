import { aptInstall } from "../../scripts/support/apt.ts";
import { runCommand } from "./run-program.ts";

const POLL_MS = 50;

/** A program in a real terminal of its own: a tmux server that nobody else uses. */
export interface TerminalSession extends AsyncDisposable {
  /** Keys by tmux's names, e.g. `Enter`, `C-c`, `Left`; anything else is typed as it stands. */
  keys(...keys: string[]): Promise<void>;
  /** Text exactly as it stands, key names too. */
  type(text: string): Promise<void>;
  /** As from the clipboard: bracketed where the program has asked for it. */
  paste(text: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** The rows on the screen without trailing blanks, down to the last that is not empty. */
  screen(): Promise<string>;
  /** The same with the escape sequences of its colours. */
  styled(): Promise<string>;
  /** The screen once it fulfils `condition`. @throws Error with the screen when it does not in time. */
  until(condition: (screen: string) => boolean, limitMs?: number): Promise<string>;
}

/**
 * Runs a command in a terminal. Where tmux is not installed, Debian's is, if that can be done without asking anybody.
 *
 * @param command a shell's command line.
 */
export async function openTerminal(
  command: string,
  env: Record<string, string>,
  size = { columns: 80, rows: 24 },
): Promise<TerminalSession> {
  if (Bun.which("tmux") === null) await aptInstall("tmux", "the tests of the terminal need tmux on the PATH");
  const socket = `llamero-${process.pid}-${Bun.randomUUIDv7().slice(-8)}`;
  const tmux = (args: string[], stdin?: string) => runTmux(["tmux", "-L", socket, ...args], env, stdin);
  const { columns, rows } = size;
  await tmux([
    "-f",
    "/dev/null",
    "new-session",
    "-d",
    "-s",
    "t",
    "-x",
    `${columns}`,
    "-y",
    `${rows}`,
    command,
  ]);
  const screen = async (): Promise<string> => (await tmux(["capture-pane", "-p", "-t", "t"])).trimEnd();
  return {
    keys: async (...keys) => void (await tmux(["send-keys", "-t", "t", ...keys])),
    type: async (text) => void (await tmux(["send-keys", "-t", "t", "-l", text])),
    async paste(text) {
      await tmux(["load-buffer", "-"], text);
      await tmux(["paste-buffer", "-p", "-t", "t"]);
    },
    resize: async (x, y) => void (await tmux(["resize-window", "-t", "t", "-x", `${x}`, "-y", `${y}`])),
    screen,
    styled: () => tmux(["capture-pane", "-p", "-e", "-t", "t"]),
    async until(condition, limitMs = 30_000) {
      const end = Date.now() + limitMs;
      for (;;) {
        const shown = await screen();
        if (condition(shown)) return shown;
        if (Date.now() > end) throw new Error(`the screen did not come to show it:\n${shown}`);
        await Bun.sleep(POLL_MS);
      }
    },
    async [Symbol.asyncDispose]() {
      await tmux(["kill-server"]);
    },
  };
}

async function runTmux(command: string[], env: Record<string, string>, stdin = ""): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, {
    env: { PATH: process.env.PATH ?? "", TERM: "xterm-256color", LANG: "C.UTF-8", ...env },
    stdin,
  });
  if (code !== 0) throw new Error(`${command.join(" ")}: ${stderr}`);
  return stdout;
}
