/** What `llamero launch` leaves to the agent, in a real terminal. The agent is a script; real ones are in test/full/agents. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scriptedModel } from "../support/models.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";
import { openTerminal } from "../support/tmux.ts";

const MAIN = join(import.meta.dir, "../../src/main.ts");
const LIMIT_MS = 120_000;
let server: TestServer;
let home: string;

/** Says that it was interrupted, and goes on; ends with a line of its user's, or with the terminal. */
const AGENT = `#!/bin/sh
trap 'echo "agent: interrupted"' INT
echo "agent: ready"
read -r line || read -r line
echo "agent: $line"
exit 5
`;

beforeAll(async () => {
  server = await startServer();
  const script = { call: { name: "ls", arguments: {} }, say: "These are all files." };
  await createModel(server, "coder", await scriptedModel(script), { parameters: { num_ctx: 65_536 } });
  home = await mkdtemp(join(tmpdir(), "llamero-launch-"));
  await mkdir(join(home, "bin"));
  await writeFile(join(home, "bin/pi"), AGENT, { mode: 0o755 });
}, LIMIT_MS);

afterAll(async () => {
  await server?.stop();
  await rm(home, { recursive: true });
});

test(
  "Ctrl-C goes to the agent, which goes on, and whose exit code is launch's",
  async () => {
    await using terminal = await openTerminal("PS1='$ ' exec bash --norc --noprofile", {
      HOME: home,
      OLLAMA_HOST: server.url,
      PATH: `${join(home, "bin")}:${process.env.PATH}`,
    });
    await terminal.type(`'${process.execPath}' '${MAIN}' launch pi --model coder; echo "code $?"`);
    await terminal.keys("Enter");
    await terminal.until((screen) => screen.includes("agent: ready"));
    await terminal.keys("C-c");
    await terminal.until((screen) => screen.includes("agent: interrupted"));
    await terminal.type("go on");
    await terminal.keys("Enter");
    const shown = await terminal.until((screen) => /^code \d+$/m.test(screen));
    expect(shown).toContain("agent: go on\ncode 5");
  },
  LIMIT_MS,
);
