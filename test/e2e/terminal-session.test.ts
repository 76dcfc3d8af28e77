/** What an interactive session shows, in a real terminal, with answers that the test writes. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ScriptedOllama, scriptedOllama } from "../support/scripted-ollama.ts";
import { openTerminal, type TerminalSession } from "../support/tmux.ts";

const MAIN = join(import.meta.dir, "../../src/main.ts");
const LIMIT_MS = 60_000;
const HINT = ">>> Send a message (/? for help)";
let server: ScriptedOllama;
let home: string;
let terminal: TerminalSession;

beforeEach(async () => {
  server = scriptedOllama(["nothing"]);
  home = await mkdtemp(join(tmpdir(), "llamero-session-"));
  const env = { HOME: home, OLLAMA_HOST: server.url };
  terminal = await openTerminal(`exec '${process.execPath}' '${MAIN}' run m`, env);
  await terminal.until((screen) => screen.endsWith(HINT));
}, LIMIT_MS);

afterEach(async () => {
  await terminal[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

const chats = () => server.asked.filter(({ path }) => path === "/api/chat").map(({ body }) => body);

/** Types a line, and waits for the next prompt. */
async function say(line: string): Promise<string> {
  await terminal.keys("C-l");
  await terminal.until((screen) => screen === HINT);
  await terminal.type(line);
  await terminal.keys("Enter");
  return terminal.until((screen) => screen.endsWith(HINT) && screen !== HINT);
}

test(
  "wide and combined characters are edited where they stand",
  async () => {
    const family = "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}";
    await terminal.type(`日本語e\u0301${family}x`);
    await terminal.keys("BSpace", "BSpace", "Left", "BSpace", "Home", "Right", "Delete");
    await terminal.until((screen) => screen.includes("日e\u0301") || screen.includes("日é"));
    await terminal.keys("Enter");
    await terminal.until((screen) => screen.endsWith(HINT));
    expect(chats()[0]).toMatchObject({ messages: [{ content: "日e\u0301" }] });
  },
  LIMIT_MS,
);

test(
  "wide characters fill rows to the edge and no further",
  async () => {
    await terminal.type("語".repeat(50));
    await terminal.keys("Left", "BSpace");
    const shown = await terminal.until((screen) => screen.split("\n").at(-1) === `... ${"語".repeat(11)}`);
    expect(shown.split("\n").at(-2)).toBe(`>>> ${"語".repeat(38)}`);
  },
  LIMIT_MS,
);

test(
  "a block is one message, and one entry of the history, which is searched",
  async () => {
    await terminal.type('"""first line');
    await terminal.keys("Enter");
    await terminal.until((screen) => screen.endsWith('... End with """ and Enter'));
    await terminal.type('second line"""');
    await terminal.keys("Enter");
    await terminal.until((screen) => screen.endsWith(HINT));
    expect(chats()[0]).toMatchObject({ messages: [{ content: "first line\nsecond line" }] });
    await say("something else");
    await terminal.keys("C-r");
    await terminal.type("second");
    await terminal.until((screen) => screen.includes("first line") && screen.includes("second line"));
    await terminal.keys("Enter");
    await terminal.until((screen) => chats().length === 3 && screen.endsWith(HINT));
    expect(chats()[2]?.messages).toMatchObject([{}, {}, {}, {}, { content: "first line\nsecond line" }]);
  },
  LIMIT_MS,
);

test(
  "an answer follows the width of the terminal while it comes",
  async () => {
    const narrowed = Promise.withResolvers<void>();
    const words = (count: number) => Array.from({ length: count }, () => ({ content: "family " }));
    server.answers(async function* () {
      yield* words(30);
      await narrowed.promise;
      yield* words(30);
    });
    await terminal.type("go");
    await terminal.keys("Enter");
    await terminal.until((screen) => screen.includes("family"));
    await terminal.resize(40, 40);
    await Bun.sleep(300);
    narrowed.resolve();
    const shown = await terminal.until((screen) => screen.endsWith(HINT));
    // Rows of the second half: whole words, none cut at the edge.
    const rows = shown
      .split("\n")
      .filter((row) => row.startsWith("family"))
      .slice(-5);
    expect(rows.every((row) => /^(family ?)+$/.test(row) && row.length <= 40)).toBe(true);
  },
  LIMIT_MS,
);

test(
  "Markdown is left as it is, thinking is dimmed, statistics follow when they are asked for",
  async () => {
    await say("/set verbose");
    const answer = "# Title\n\n**bold** `code`\n\n- item";
    server.answers([{ thinking: "Let me see." }, { content: answer }]);
    const shown = await say("hello");
    expect(shown).toContain(answer);
    expect(shown).toMatch(/Thinking\.\.\.\nLet me see\.\n\.\.\.done thinking\./);
    for (const line of [
      /total duration: +2s/,
      /prompt eval count: +11 token/,
      /eval rate: +20\.00 tokens\/s/,
    ])
      expect(shown).toMatch(line);
    const coloured = await terminal.styled();
    const thought = coloured.split("\n").find((row) => row.includes("Let me see.")) ?? "";
    expect(thought).toMatch(/\x1b\[(2|38;5;2\d\d|90)m/);
    const said = coloured.split("\n").find((row) => row.includes("**bold**")) ?? "";
    expect(said).not.toMatch(/\x1b\[2m/);
  },
  LIMIT_MS,
);

test(
  "/set, /show, /load and /save tell and keep what was set",
  async () => {
    await say("/set system Be brief.");
    await say("/set parameter num_ctx 2048");
    expect(await say("/show modelfile")).toContain("SYSTEM Be brief.\nPARAMETER num_ctx 2048");
    expect(await say("/show parameters")).toContain("num_ctx                        2048");
    expect(await say("/load nothing")).toContain("Couldn't find model 'nothing'");
    expect(await say("/load other")).toContain("Loading model 'other'");
    await say("hello");
    expect(chats().at(-1)).toMatchObject({
      model: "other",
      options: { num_ctx: 2048 },
      messages: [{ role: "system", content: "Be brief." }, { content: "hello" }],
    });
    expect(await say("/save mine")).toContain("Created new model 'mine'");
    expect(server.asked.at(-1)).toMatchObject({
      path: "/api/create",
      body: { model: "mine", from: "other", system: "Be brief.", parameters: { num_ctx: 2048 } },
    });
  },
  LIMIT_MS,
);

test(
  "a picture for a model that cannot see is refused, and nothing is sent",
  async () => {
    await writeFile(join(home, "dot.png"), "not looked at");
    expect(await say(`What is this? ${join(home, "dot.png")}`)).toMatch(
      /is an image, and the model 'm' does\s+not see/,
    );
    expect(chats()).toEqual([]);
  },
  LIMIT_MS,
);
