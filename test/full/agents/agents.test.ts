/**
 * Eight coding agents as `llamero launch` starts them, each with a task that takes a tool: they call it, send what came of it, and the
 * second turn evaluates only what is new. The model is scripted; the engine, the server and the agents are real.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FINAL_WORDS, runAgent, TESTED_AGENTS } from "../../support/agents.ts";
import { recordClient } from "../../support/client-matrix.ts";
import { scriptedModel } from "../../support/models.ts";
import { type Passed, startRecorder } from "../../support/recorder.ts";
import { createModel, OFFLINE, startServer, type TestServer } from "../../support/server.ts";

const LIMIT_MS = 1_500_000;
const CONTEXT = 65_536;

let server: TestServer;
beforeAll(async () => {
  server = await startServer(OFFLINE);
}, LIMIT_MS);
afterAll(() => server?.stop());

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

test.each(TESTED_AGENTS.map((agent) => [agent.name, agent] as const))(
  "%s",
  async (name, agent) => {
    const home = await mkdtemp(join(tmpdir(), `llamero-${name}-`));
    try {
      await createModel(server, name, await scriptedModel(agent.script), {
        parameters: { num_ctx: CONTEXT },
      });
      using recorder = startRecorder(server.url);
      const { code, stdout, stderr } = await runAgent(agent, recorder.host, home);
      const said = `${stdout}\n${stderr}`;
      if (code !== 0) throw new Error(`${name} exited with ${code}:\n${said}`);

      const refused = recorder.passed.filter(({ status }) => status >= 400);
      expect(refused.map(({ method, path, status, reply }) => [method, path, status, reply])).toEqual([]);
      const answers = recorder.passed.filter(({ path }) => ANSWERS.includes(path));
      if (agent.script.call === undefined) {
        // What is wrong with its edit comes back as a question. It asks for a context by the length of each prompt, and so for the
        // model to be loaded anew: nothing is promised of the cache.
        expect(await readFile(join(home, "work/notes.txt"), "utf8")).toBe("all of teh files\n");
        expect(answers[1]!.request).toContain("grep -n teh");
      } else {
        expect(said).toContain(FINAL_WORDS);
        const first = answers.findIndex((answer) => turnOf(answer).calls);
        const second = answers.findIndex(({ request }, at) => at > first && request.includes("marmot.txt"));
        expect([first >= 0, second > first]).toEqual([true, true]);
        // The whole of the first prompt, and nothing of what the tool said.
        expect(turnOf(answers[second]!).cached).toBeGreaterThanOrEqual(turnOf(answers[first]!).prompt);
      }
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
