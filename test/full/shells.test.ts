/** `llamero` as a command, by the launcher of the quickstart, in real shells in a real terminal. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptInstall } from "../../scripts/support/apt.ts";
import { writeLauncher } from "../../scripts/support/launcher.ts";
import { tinyLlama } from "../support/models.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";
import { openTerminal, type TerminalSession } from "../support/tmux.ts";

const LIMIT_MS = 240_000;
let server: TestServer;
let home: string;

beforeAll(async () => {
  server = await startServer();
  await createModel(server, "smollm2:135m", await tinyLlama());
  await deriveModel(server, "other:latest", "smollm2:135m");
  home = await mkdtemp(join(tmpdir(), "llamero-shells-"));
  await writeLauncher(home, "");
}, LIMIT_MS);

afterAll(async () => {
  await server?.stop();
  await rm(home, { recursive: true });
});

const PROMPT = "ready> ";

interface Shell {
  command: string;
  /** What reads the completion. */
  load: string;
}

const SHELLS: Record<string, Shell> = {
  bash: {
    command: `PS1='${PROMPT}' exec bash --norc --noprofile`,
    load: "source <(llamero completion bash)",
  },
  zsh: {
    command: `PS1='${PROMPT}' exec zsh -f`,
    load: 'autoload -U compinit && compinit -u -d "$HOME/zcompdump" && source <(llamero completion zsh)',
  },
  fish: {
    command: `exec fish --no-config --init-command 'function fish_prompt; echo -n "${PROMPT}"; end'`,
    load: "llamero completion fish | source",
  },
};

const open = (command: string): Promise<TerminalSession> =>
  openTerminal(
    command,
    { HOME: home, PATH: `${home}/.local/bin:${process.env.PATH}`, OLLAMA_HOST: server.url },
    { columns: 120, rows: 30 },
  );

const lastRow = (screen: string): string => screen.split("\n").at(-1)?.trimEnd() ?? "";

/** What is completed at once: typed → the line after Tab. */
const COMPLETED: Record<string, string> = {
  "llamero qu": "llamero queue",
  "llamero help queu": "llamero help queue",
  "llamero show smol": "llamero show smollm2:135m",
  "llamero show smollm2:1": "llamero show smollm2:135m",
  "llamero cp smollm2:135m ot": "llamero cp smollm2:135m other:latest",
  "llamero list --j": "llamero list --json",
  "llamero run other:latest --verb": "llamero run other:latest --verbose",
  "llamero completion z": "llamero completion zsh",
  "llamero create -f /etc/passw": "llamero create -f /etc/passwd",
};

test.each(Object.keys(SHELLS))(
  "%s completes commands, flags, models with their tags, and files",
  async (name) => {
    const { command, load } = SHELLS[name]!;
    if (Bun.which(name) === null) await aptInstall(name, `the test of completion needs ${name}`);
    await using terminal = await open(command);
    await terminal.until((screen) => lastRow(screen).endsWith(PROMPT.trimEnd()));
    await terminal.type(`${load}; echo loaded`);
    await terminal.keys("Enter");
    await terminal.until((screen) => screen.includes("\nloaded\n") && lastRow(screen) === PROMPT.trimEnd());
    for (const [typed, completed] of Object.entries(COMPLETED)) {
      await terminal.keys("C-l");
      await terminal.type(typed);
      await terminal.keys("Tab");
      // A file that starts with the name of another one may follow.
      await terminal.until((screen) => screen.includes(PROMPT + completed));
      await terminal.keys("C-u");
      await terminal.until((screen) => screen.split("\n").some((row) => row.trimEnd() === PROMPT.trimEnd()));
    }
  },
  LIMIT_MS,
);

test(
  "the launcher starts this checkout from any folder, and hints name the command as it was typed",
  async () => {
    await using terminal = await open(`cd / && PS1='${PROMPT}' exec bash --norc --noprofile`);
    await terminal.keys("llamero list", "Enter");
    const listed = await terminal.until((screen) => screen.includes("other:latest"));
    expect(listed).toMatch(/NAME +ID +SIZE +MODIFIED/);
    await terminal.keys("llamero lst", "Enter");
    await terminal.until((screen) => /Did you mean this\?\s+list/.test(screen));
    await terminal.keys("OLLAMA_HOST=127.0.0.1:9 llamero ps", "Enter");
    const refused = await terminal.until((screen) => screen.includes("llamero serve"));
    expect(refused).toContain("Error: could not connect to llamero server at http://127.0.0.1:9");
    expect(refused).not.toContain("bun ");
    await terminal.keys("llamero show smollm", "Enter");
    await terminal.until((screen) => /Did you mean[\s\S]*smollm2:135m/.test(screen));
  },
  LIMIT_MS,
);
