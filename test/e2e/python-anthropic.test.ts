/** The PyPI package `anthropic`, unchanged, against a real server with a real model. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { type ClientFeature, recordClient } from "../support/client-matrix.ts";
import { smollm2 } from "../support/models.ts";
import { runPython } from "../support/python.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";
import { THINKER_QUESTION, THINKER_TEMPLATE, THOUGHT, THOUGHT_ANSWER } from "../support/thinker.ts";
import { CALLER_TEMPLATE, QUESTION, RESULT } from "../support/tool-caller.ts";

const LIMIT_MS = 240_000;

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  const parameters = { temperature: 0 };
  await createModel(server, "smollm2", await smollm2());
  await deriveModel(server, "greedy", "smollm2", { parameters });
  await deriveModel(server, "caller", "greedy", { template: CALLER_TEMPLATE });
  await deriveModel(server, "thinker", "greedy", { template: THINKER_TEMPLATE });
}, LIMIT_MS);

afterAll(() => server?.stop());

/** Runs test/e2e/python-anthropic/<name>.py and returns the JSON that it prints. */
async function program<Result>(name: string, ...args: string[]): Promise<Result> {
  const code = await Bun.file(join(import.meta.dir, "python-anthropic", `${name}.py`)).text();
  const env = { ANTHROPIC_BASE_URL: server.url };
  const { stdout, stderr, code: exit } = await runPython(code, { env, args });
  if (exit !== 0) throw new Error(`${name}.py exited with ${exit}:\n${stderr}`);
  return JSON.parse(stdout) as Result;
}

const record = (version: string, ...proven: ClientFeature[]): Promise<void> =>
  recordClient({ name: "anthropic", registry: "PyPI", version, proven });

interface Usage {
  input_tokens: number;
  cache_read_input_tokens: number;
  output_tokens: number;
}
interface Message {
  content: { type: string; text?: string }[];
  stop_reason: string;
  stop_sequence: string | null;
  usage: Usage;
}

const promptTokens = ({ usage }: Message): number => usage.input_tokens + usage.cache_read_input_tokens;

test(
  "messages: whole, as raw events, through the stream helpers, measured, parsed",
  async () => {
    const result = await program<{
      version: string;
      whole: Message;
      request_id: string;
      events: { type: string; delta?: { text?: string } }[];
      texts: string[];
      final: Message;
      stopped: Message;
      word: string;
      limited: Message;
      count: number;
      count_system: number;
      with_system: Message;
      parsed: { city: string; population: number };
      at_once: number[];
    }>("messages", "greedy");
    const { whole, events, final, stopped, word } = result;
    const said = whole.content[0]!.text!;
    expect(whole).toMatchObject({ type: "message", role: "assistant", model: "greedy" });
    expect(result.request_id).toMatch(/^req_[0-9a-f]{24}$/);
    expect([events[0]!.type, events.at(-1)!.type]).toEqual(["message_start", "message_stop"]);
    expect(events.map(({ delta }) => delta?.text ?? "").join("")).toBe(said);
    expect(result.texts.length).toBeGreaterThan(2);
    expect([result.texts.join(""), final.content[0]!.text]).toEqual([said, said]);
    expect(promptTokens(final)).toBe(promptTokens(whole));
    expect(stopped).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: word });
    expect(said).toStartWith(`${stopped.content[0]!.text}${word}`);
    expect(result.limited).toMatchObject({ stop_reason: "max_tokens", usage: { output_tokens: 2 } });
    expect([result.count, result.count_system]).toEqual([
      promptTokens(whole),
      promptTokens(result.with_system),
    ]);
    expect(result.parsed.city).toBeOneOf(["Rome", "Oslo"]);
    expect(result.parsed.population).toBeInteger();
    expect(result.at_once).toEqual([1, 2, 3]);
    await record(result.version, "chat", "streaming", "structured output");
  },
  LIMIT_MS,
);

test(
  "tools: a demanded call, whole and streamed, its answer, and the tool runner",
  async () => {
    const result = await program<{
      version: string;
      whole: Message;
      streamed: Message;
      answer: Message;
      cities: string[];
      run: Message;
    }>("tools", "caller", QUESTION, RESULT);
    const call = { type: "tool_use", name: "get_weather", input: { city: "Rome" } };
    for (const message of [result.whole, result.streamed]) {
      expect<unknown>(message).toMatchObject({ content: [call], stop_reason: "tool_use" });
    }
    for (const message of [result.answer, result.run]) {
      expect(message.content).toMatchObject([{ type: "text", text: "In Rome it is rainy, 12 degrees." }]);
    }
    expect(result.cities).toEqual(["Rome"]);
    await record(result.version, "tools");
  },
  LIMIT_MS,
);

test(
  "thinking: a block of its own, streamed, left out, and sent back",
  async () => {
    const { whole, thoughts, final, omitted, counts } = await program<{
      whole: Message;
      thoughts: string[];
      final: Message;
      omitted: Message;
      counts: number[];
    }>("thinking", "thinker", THINKER_QUESTION);
    expect<unknown>(whole.content).toMatchObject([
      { type: "thinking", thinking: THOUGHT, signature: expect.stringMatching(/./) },
      { type: "text", text: THOUGHT_ANSWER },
    ]);
    expect(thoughts.join("")).toBe(THOUGHT);
    expect(final.content.map(({ type }) => type)).toEqual(["thinking", "text"]);
    expect<unknown>(omitted.content).toMatchObject([{ thinking: "" }, { text: THOUGHT_ANSWER }]);
    expect(counts[0]).toBe(counts[1]!);
  },
  LIMIT_MS,
);

test(
  "failures are the client's own exceptions",
  async () => {
    const request_id = expect.stringMatching(/^req_[0-9a-f]{24}$/);
    const missing = (message: string) => ({
      class: "NotFoundError",
      status: 404,
      type: "not_found_error",
      message,
      request_id,
    });
    const refused = (message: string) => ({
      class: "BadRequestError",
      status: 400,
      type: "invalid_request_error",
      message: expect.stringContaining(message),
      request_id,
    });
    const { version, failures } = await program<{ version: string; failures: object }>("errors", "greedy");
    expect<unknown>(failures).toMatchObject({
      missing: missing("model 'claude-opus-5-5' not found"),
      streamed: missing("model 'claude-opus-5-5' not found"),
      counted: missing("model 'nope' not found"),
      empty: refused("messages is required"),
      server_tool: refused('tool_choice names "web_search", which is not among the tools'),
      image: refused("does not support vision"),
      batches: missing("unknown path: GET /v1/messages/batches"),
    });
    await record(version, "errors");
  },
  LIMIT_MS,
);
