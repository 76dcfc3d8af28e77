/**
 * Eight coding agents as `llamero launch` starts them on a server that asks for a key, each with a task that takes a tool: they call it,
 * send what came of it, and the second turn evaluates only what is new. The model is scripted; the engine, the server and the agents are real.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  FINAL_WORDS,
  openAgent,
  runAgent,
  runCodexOss,
  TESTED_AGENTS,
  type TestedAgent,
} from "../../support/agents.ts";
import { recordClient } from "../../support/client-matrix.ts";
import { ENDLESS } from "../../support/endless.ts";
import { scriptedModel, smollm2 } from "../../support/models.ts";
import { type Passed, type Recorder, startRecorder } from "../../support/recorder.ts";
import type { ProgramResult } from "../../support/run-program.ts";
import { createModel, OFFLINE, startServer, type TestServer } from "../../support/server.ts";

const LIMIT_MS = 1_500_000;
const CONTEXT = 65_536;

/** What the server asks of everybody. */
const KEY = "llamero-a-key-for-the-agents-of-this-test";
const keyed = { authorization: `Bearer ${KEY}` };

let server: TestServer;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llamero-agents-"));
  const store = { ...OFFLINE, OLLAMA_MODELS: join(folder, "models") };
  const open = await startServer(store);
  for (const agent of TESTED_AGENTS) await createScripted(open, agent);
  await createModel(open, "endless", await smollm2(), {
    ...ENDLESS,
    template: `{{ if .Tools }}{{ end }}${ENDLESS.template}`,
  });
  await open.stop();
  const keys = join(folder, "keys");
  await writeFile(keys, `agents ${KEY}\n`);
  server = await startServer({ ...store, OLLAMA_API_KEYS_FILE: keys });
}, LIMIT_MS);
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const agentNamed = (name: string): TestedAgent => TESTED_AGENTS.find((agent) => agent.name === name)!;

const createScripted = async (on: TestServer, { name, script }: TestedAgent) =>
  createModel(on, name, await scriptedModel(script), { parameters: { num_ctx: CONTEXT } });

/** Tokens of a reply's prompt, and how many of them came from the cache. */
interface Turn {
  prompt: number;
  cached: number;
  /** Does it call a tool? */
  calls: boolean;
}

const ANSWERS = ["/v1/messages", "/v1/chat/completions", "/v1/responses", "/api/chat"];

/** The last number that a reply gives by this name. */
function last(reply: string, name: string): number {
  const found = [...reply.matchAll(new RegExp(`"${name}":(\\d+)`, "g"))].at(-1)?.[1];
  return Number(found ?? 0);
}

function turnOf({ path, reply }: Passed): Turn {
  const calls = /"tool_calls":\[|"type":"tool_use"|"type":"function_call"/.test(reply);
  if (path === "/v1/messages") {
    const cached = last(reply, "cache_read_input_tokens");
    return { calls, cached, prompt: cached + last(reply, "input_tokens") };
  }
  if (path === "/api/chat") {
    return {
      calls,
      cached: last(reply, "prompt_eval_cached_count"),
      prompt: last(reply, "prompt_eval_count"),
    };
  }
  const prompt = last(reply, path === "/v1/responses" ? "input_tokens" : "prompt_tokens");
  return { calls, cached: last(reply, "cached_tokens"), prompt };
}

/** Its answers to an agent that was to call its tool and to go on. @throws what it said where it failed. */
function answersOf(
  { asksWithoutKey = [] }: TestedAgent,
  { code, stdout, stderr }: ProgramResult,
  { passed }: Recorder,
): Passed[] {
  if (code !== 0) throw new Error(`exited with ${code}:\n${stdout}\n${stderr}`);
  const refused = passed.filter(
    ({ status, path }) => status >= 400 && !(status === 401 && asksWithoutKey.includes(path)),
  );
  expect(refused.map(({ method, path, status, reply }) => [method, path, status, reply])).toEqual([]);
  return passed.filter(({ path }) => ANSWERS.includes(path));
}

/** It called its tool, and the turn behind that evaluated no more than what the tool said. */
function expectLoop(answers: readonly Passed[], said: string): void {
  expect(said).toContain(FINAL_WORDS);
  const first = answers.findIndex((answer) => turnOf(answer).calls);
  const second = answers.findIndex(({ request }, at) => at > first && request.includes("marmot.txt"));
  expect([first >= 0, second > first]).toEqual([true, true]);
  expect(turnOf(answers[second]!).cached).toBeGreaterThanOrEqual(turnOf(answers[first]!).prompt);
}

/** Server-sent events, or more than one line of JSON. */
const isStream = ({ reply }: Passed): boolean =>
  /^(event|data): /m.test(reply) || reply.trim().split("\n").length > 1;

async function post<Reply>(path: string, body: object): Promise<Reply> {
  const reply = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: keyed,
    body: JSON.stringify(body),
  });
  if (reply.status !== 200) throw new Error(await reply.text());
  return reply.json() as Promise<Reply>;
}

/** How many tokens two prompts of /api/chat have in common at their front. */
async function commonTokens(one: string, other: string): Promise<number> {
  const [first, second] = await Promise.all(
    [one, other].map(async (request) => {
      const body = { ...JSON.parse(request), stream: false, _debug_render_only: true };
      const { _debug_info: info } = await post<{ _debug_info: { rendered_template: string } }>(
        "/api/chat",
        body,
      );
      return info.rendered_template;
    }),
  );
  let length = 0;
  while (length < first!.length && first![length] === second![length]) length++;
  const { tokens } = await post<{ tokens: number[] }>("/api/tokenize", {
    model: "aider",
    content: first!.slice(0, length),
  });
  return tokens.length;
}

test.each(TESTED_AGENTS.map((agent) => [agent.name, agent] as const))(
  "%s",
  async (name, agent) => {
    const home = await mkdtemp(join(tmpdir(), `llamero-${name}-`));
    try {
      using recorder = startRecorder(server.url);
      const result = await runAgent(agent, { host: recorder.host, home, key: KEY });
      const answers = answersOf(agent, result, recorder);
      if (agent.script.call !== undefined) expectLoop(answers, `${result.stdout}\n${result.stderr}`);
      else {
        // What is wrong with its edit comes back as a question.
        expect(await readFile(join(home, "work/notes.txt"), "utf8")).toBe("all of teh files\n");
        const [first, second] = answers as [Passed, Passed];
        expect(second.request).toContain("grep -n teh");
        // It asks for another context at each turn, and so for the model to be loaded anew; the front of its prompt comes from the disk.
        const common = await commonTokens(first.request, second.request);
        expect(common).toBeGreaterThan(256);
        expect(turnOf(second).cached).toBeGreaterThanOrEqual(common - 1);
      }
      expect(answers.some(isStream)).toBe(true);
      await recordClient({
        name: agent.package.name,
        registry: agent.package.registry,
        version: agent.package.version,
        proven: ["chat", "streaming", ...(agent.script.call ? (["tools"] as const) : [])],
      });
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
  LIMIT_MS,
);

test(
  "Codex finds the server by itself: --oss",
  async () => {
    const codex = agentNamed("codex");
    const home = await mkdtemp(join(tmpdir(), "llamero-codex-oss-"));
    // It has no way to be told a key.
    await using open = await startServer(OFFLINE);
    try {
      await createScripted(open, codex);
      using recorder = startRecorder(open.url);
      const result = await runCodexOss(codex, { host: recorder.host, home, key: "" });
      expectLoop(answersOf(codex, result, recorder), `${result.stdout}\n${result.stderr}`);
      expect(recorder.passed.map(({ path }) => path)).toContain("/api/version");
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
  LIMIT_MS,
);

/** How many answers have been left by their client, by the server's log. */
const leftAnswers = (): number => server.stderr().match(/path=\/api\/chat .*cancelled=true/g)?.length ?? 0;

test(
  "Ctrl-C ends an answer of aider's, and aider goes on",
  async () => {
    const home = await mkdtemp(join(tmpdir(), "llamero-aider-"));
    const quiet = ["--yes-always", "--no-git", "--no-check-update", "--analytics-disable", "--no-pretty"];
    const args = [...quiet, "--no-show-model-warnings", "--no-show-release-notes"];
    const host = new URL(server.url).host;
    try {
      await using terminal = await openAgent(agentNamed("aider"), "endless", args, { host, home, key: KEY });
      await terminal.until((screen) => screen.endsWith("\n>"), 120_000);
      await terminal.type("Count.");
      await terminal.keys("Enter");
      await terminal.until((screen) => screen.includes("1, 1, 1"), 120_000);
      await terminal.keys("C-c");
      await terminal.until((screen) => screen.includes("^C again to exit") && screen.endsWith("\n>"));
      await terminal.type("/exit");
      await terminal.keys("Enter");
      expect(await terminal.until((screen) => /^code \d+$/m.test(screen))).toContain("code 0");
      expect(leftAnswers()).toBe(1);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
  LIMIT_MS,
);

test(
  "pi has Ctrl-C to itself: once it clears the line, twice it ends",
  async () => {
    const home = await mkdtemp(join(tmpdir(), "llamero-pi-"));
    const host = new URL(server.url).host;
    try {
      await using terminal = await openAgent(agentNamed("pi"), "pi", ["--offline"], { host, home, key: KEY });
      await terminal.until((screen) => screen.includes("pi:latest"), 120_000);
      await terminal.type("no such thing");
      await terminal.until((screen) => screen.includes("no such thing"));
      await terminal.keys("C-c");
      await terminal.until((screen) => !screen.includes("no such thing") && screen.includes("pi:latest"));
      await terminal.keys("C-c", "C-c");
      expect(await terminal.until((screen) => /^code \d+$/m.test(screen))).toContain("code 0");
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  },
  LIMIT_MS,
);
