/** The interactive session, in a real terminal against a real server. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { smollm2 } from "../support/models.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { openTerminal, type TerminalSession } from "../support/tmux.ts";
import { writeWeights } from "../support/weights-gguf.ts";

const MAIN = join(import.meta.dir, "../../src/main.ts");
const LIMIT_MS = 120_000;
const HINT = ">>> Send a message (/? for help)";
let server: TestServer;
let home: string;

beforeAll(async () => {
  server = await startServer();
  home = await mkdtemp(join(tmpdir(), "llamero-terminal-"));
  const modelfile = `FROM ${await smollm2()}\nPARAMETER temperature 0\nPARAMETER num_predict 12\n`;
  await writeFile(join(home, "Modelfile"), modelfile);
  const created = Bun.spawn([process.execPath, MAIN, "create", "m", "-f", join(home, "Modelfile")], {
    env: { PATH: process.env.PATH ?? "", HOME: home, OLLAMA_HOST: server.url },
    stdio: ["ignore", "ignore", "inherit"],
  });
  expect(await created.exited).toBe(0);
}, 300_000);

afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true });
}, 30_000);

/** Chats that the server has been asked for so far. */
const chats = (): number => server.stderr().match(/path=\/api\/chat/g)?.length ?? 0;

/** A shell in a terminal with the session running, once it shows its prompt. */
async function open(env: Record<string, string> = {}): Promise<TerminalSession> {
  const terminal = await openTerminal("PS1='$ ' exec bash --norc --noprofile", {
    HOME: home,
    OLLAMA_HOST: server.url,
    ...env,
  });
  await terminal.keys(`'${process.execPath}' '${MAIN}' run m`, "Enter");
  await terminal.until((screen) => screen.includes(">>>"));
  return terminal;
}

test(
  "what is pasted is one message, sent with Enter",
  async () => {
    await using terminal = await open();
    const before = chats();
    await terminal.paste("def add(a, b):\n    return a + b\n\nprint(add(1, 2))");
    const pasted = await terminal.until((screen) => screen.includes("print(add(1, 2))"));
    expect(pasted).toEndWith(">>> def add(a, b):\n...     return a + b\n...\n... print(add(1, 2))");
    expect(chats()).toBe(before);
    await terminal.keys("Enter");
    await terminal.until((screen) => screen.endsWith(HINT) && !screen.startsWith(HINT));
    expect(chats()).toBe(before + 1);
    await terminal.keys("Up");
    await terminal.until((screen) => screen.endsWith("... print(add(1, 2))"));
  },
  LIMIT_MS,
);

test(
  "a line longer than the terminal is edited where it stands",
  async () => {
    await using terminal = await open();
    await terminal.type("abcdefghij".repeat(12));
    await terminal.keys("BSpace", "Left", "Home", "X", "End");
    const edited = await terminal.until((screen) => screen.includes(">>> X"));
    const rows = edited.split("\n").slice(-2);
    expect(rows).toEqual([
      `>>> X${"abcdefghij".repeat(12).slice(0, 75)}`,
      `... ${"abcdefghij".repeat(12).slice(75, -1)}`,
    ]);
    expect(edited.match(/>>> /g)).toHaveLength(1);
    await terminal.resize(60, 24);
    await terminal.keys("!");
    const narrow = await terminal.until((screen) => screen.endsWith("!"));
    expect(
      narrow
        .split("\n")
        .slice(-3)
        .map((row) => row.length),
    ).toEqual([60, 60, 13]);
  },
  LIMIT_MS,
);

test(
  "Ctrl-Z stops it, fg brings it back with the conversation",
  async () => {
    await using terminal = await open();
    await terminal.keys("hello", "Enter");
    await terminal.until((screen) => screen.endsWith(HINT) && screen.includes("hello"));
    await terminal.keys("half");
    await terminal.keys("C-z");
    await terminal.until((screen) => screen.includes("Stopped"));
    await terminal.keys("echo in the shell", "Enter");
    await terminal.until((screen) => screen.endsWith("in the shell\n$"));
    await terminal.keys("fg", "Enter");
    await terminal.until((screen) => screen.endsWith(">>> half"));
    const before = chats();
    await terminal.keys(" a word", "Enter");
    await terminal.until((screen) => screen.endsWith(HINT));
    expect(chats()).toBe(before + 1);
    await terminal.keys("C-d");
    await terminal.until((screen) => screen.endsWith("\n$"));
  },
  LIMIT_MS,
);

test(
  "Ctrl-C ends an answer and keeps what was pasted meanwhile",
  async () => {
    await using terminal = await open();
    await terminal.keys("/set parameter num_predict 2000", "Enter");
    await terminal.keys("Count as far as you can.", "Enter");
    await terminal.until((screen) => screen.split("\n").length > 7);
    await terminal.paste("one\ntwo");
    await terminal.keys("C-c");
    await terminal.until((screen) => screen.endsWith(">>> one\n... two"));
  },
  LIMIT_MS,
);

test(
  "Ctrl-G opens the editor",
  async () => {
    const editor = join(home, "editor");
    await writeFile(editor, '#!/bin/sh\nprintf "type: "\nread line\necho "$line" >> "$1"\n');
    await chmod(editor, 0o755);
    await using terminal = await open({ OLLAMA_EDITOR: editor });
    await terminal.type("first ");
    await terminal.keys("C-g");
    await terminal.until((screen) => screen.endsWith("type:"));
    await terminal.type("from the editor");
    await terminal.keys("Enter");
    await terminal.until((screen) => screen.endsWith(">>> first from the editor"));
  },
  LIMIT_MS,
);

test(
  "a terminal without escape sequences has a session too",
  async () => {
    await using terminal = await open({ TERM: "dumb" });
    await terminal.keys("TERM=dumb", "Enter");
    await terminal.keys("C-d");
    await terminal.until((screen) => screen.endsWith("$"));
    await terminal.keys(`clear; TERM=dumb '${process.execPath}' '${MAIN}' run m`, "Enter");
    await terminal.until((screen) => screen.endsWith(">>>"));
    const before = chats();
    await terminal.keys('"""a', "Enter", 'b"""', "Enter");
    await terminal.until((screen) => screen.endsWith('b"""\n>>>') || chats() > before);
    await terminal.until((screen) => screen.endsWith(">>>"));
    expect(chats()).toBe(before + 1);
  },
  LIMIT_MS,
);

test(
  "create shows how far hashing and copying are, in one row each that never wraps",
  async () => {
    const folder = join(home, "large");
    await mkdir(folder);
    await writeWeights(join(folder, "weights.gguf"), 400);
    await writeFile(join(folder, "Modelfile"), "FROM ./weights.gguf\n");
    await using terminal = await openTerminal("PS1='$ ' exec bash --norc --noprofile", {
      HOME: home,
      OLLAMA_HOST: server.url,
    });
    await terminal.keys(
      `clear; '${process.execPath}' '${MAIN}' create large -f '${folder}/Modelfile'`,
      "Enter",
    );
    const shares = new Set<string>();
    const last = await terminal.until((screen) => {
      // The command itself, as typed, may be longer than a row.
      if (screen.includes("clear;")) return false;
      for (const [, share = ""] of screen.matchAll(/^(?:reading|copying) .* (\d+)% /gm)) shares.add(share);
      expect(screen.match(/^gathering model components/gm)?.length ?? 0).toBeLessThanOrEqual(1);
      expect(screen.split("\n").every((row) => Bun.stringWidth(row) < 80)).toBe(true);
      return screen.includes("\nsuccess") || screen.includes("Error");
    });
    expect(last).toContain("\nsuccess");
    expect(shares.size).toBeGreaterThan(3);
    expect(last.split("\n").length).toBeLessThan(12);
  },
  LIMIT_MS,
);

test(
  "a signal leaves the terminal as it was",
  async () => {
    await using terminal = await open();
    await terminal.keys("C-z");
    await terminal.until((screen) => screen.includes("Stopped"));
    await terminal.keys("fg", "Enter");
    await terminal.keys("half");
    await terminal.until((screen) => screen.endsWith(">>> half"));
    for (const pid of sessions()) process.kill(pid, "SIGTERM");
    await terminal.until((screen) => screen.endsWith("$"));
    await terminal.keys("stty -a | grep -o '.icanon'", "Enter");
    expect(await terminal.until((screen) => screen.includes("icanon\n$"))).toContain("\n icanon");
  },
  LIMIT_MS,
);

/** The sessions of this file that live. */
const sessions = (): number[] => pidsOf(`${MAIN} run m`);

/** Editors that are open on a session's text. */
const editors = (): number[] => pidsOf(`${home}/llamero-.*/ollama-prompt.txt`);

const pidsOf = (commandLine: string): number[] =>
  Bun.spawnSync(["pgrep", "-f", commandLine]).stdout.toString().split("\n").filter(Boolean).map(Number);

async function gone(): Promise<void> {
  for (let waited = 0; sessions().length + editors().length > 0; waited += 50) {
    if (waited > 5_000) throw new Error(`these are left: ${sessions()} ${editors()}`);
    await Bun.sleep(50);
  }
}

/** Leaves the session where a terminal may be closed. */
const PLACES: Record<string, (terminal: TerminalSession) => Promise<unknown>> = {
  "at the prompt": async () => {},
  "in the middle of an answer": async (terminal) => {
    await terminal.keys("/set parameter num_predict 100000", "Enter");
    await terminal.keys("Count for ever.", "Enter");
    await terminal.until((screen) => screen.split("\n").length > 7);
  },
  "with the editor open": async (terminal) => {
    await terminal.keys("half", "C-g");
    await terminal.until((screen) => screen.endsWith("editing"));
  },
  stopped: async (terminal) => {
    await terminal.keys("C-z");
    await terminal.until((screen) => screen.includes("Stopped"));
  },
};

describe("nothing outlives its terminal", () => {
  /** An editor that ends by no signal but the last. */
  const stubborn = async (): Promise<Record<string, string>> => {
    const OLLAMA_EDITOR = join(home, "stubborn");
    await writeFile(
      OLLAMA_EDITOR,
      "#!/bin/sh\ntrap '' HUP TERM\necho editing\nwhile :; do sleep 0.1; done\n",
    );
    await chmod(OLLAMA_EDITOR, 0o755);
    return { OLLAMA_EDITOR, TMPDIR: home };
  };

  test.each(Object.entries(PLACES))(
    "%s: the terminal is closed",
    async (_, go) => {
      const terminal = await open(await stubborn());
      await go(terminal);
      expect(sessions()).toHaveLength(1);
      await terminal[Symbol.asyncDispose]();
      await gone();
    },
    LIMIT_MS,
  );

  test(
    "the server stops an answer whose terminal was closed",
    async () => {
      const before = chats();
      const terminal = await open();
      await PLACES["in the middle of an answer"]?.(terminal);
      await terminal[Symbol.asyncDispose]();
      while (chats() === before) await Bun.sleep(50);
      const line = server
        .stderr()
        .split("\n")
        .findLast((each) => each.includes("path=/api/chat"));
      expect(line).toContain("cancelled=true");
    },
    LIMIT_MS,
  );

  test.each(["SIGHUP", "SIGTERM"] as const)(
    "%s closes the editor too, and its file",
    async (signal) => {
      await using terminal = await open(await stubborn());
      await PLACES["with the editor open"]?.(terminal);
      for (const pid of sessions()) process.kill(pid, signal);
      await gone();
      await terminal.keys("stty -a | grep -o '.icanon'", "Enter");
      expect(await terminal.until((screen) => screen.includes("icanon\n$"))).toContain("\n icanon");
      expect((await readdir(home)).filter((name) => name.startsWith("llamero-"))).toEqual([]);
    },
    LIMIT_MS,
  );
});
