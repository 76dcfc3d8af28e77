/** The PyPI package `ollama`, unchanged, against a real server with real models. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { allMiniLm, smollm2, tinyLlama } from "../support/models.ts";
import { recordPypiClient } from "../support/pypi-client.ts";
import { runPython } from "../support/python.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";
import { CALLER_TEMPLATE, QUESTION, RESULT } from "../support/tool-caller.ts";

const LIMIT_MS = 240_000;

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  await createModel(server, "smollm2", await smollm2());
  await createModel(server, "all-minilm", await allMiniLm());
}, LIMIT_MS);

afterAll(() => server?.stop());

/** Runs test/e2e/python-ollama/<name>.py and returns the JSON that it prints. */
async function program<Result>(name: string, ...args: string[]): Promise<Result> {
  const code = await Bun.file(join(import.meta.dir, "python-ollama", `${name}.py`)).text();
  const { stdout, stderr, code: exit } = await runPython(code, { env: { OLLAMA_HOST: server.url }, args });
  if (exit !== 0) throw new Error(`${name}.py exited with ${exit}:\n${stderr}`);
  return JSON.parse(stdout) as Result;
}

interface Answer {
  model: string;
  created_at: string;
  done: boolean;
  done_reason?: string;
  total_duration?: number;
  load_duration?: number;
  prompt_eval_count?: number;
  prompt_eval_duration?: number;
  eval_count?: number;
  eval_duration?: number;
}
interface Generated extends Answer {
  response: string;
  context?: number[];
}
interface Chatted extends Answer {
  message: { role: string; content: string };
}

function expectMetrics(answer: Answer): void {
  expect(answer.done).toBe(true);
  expect(answer.done_reason).toBeOneOf(["stop", "length"]);
  expect(answer.eval_count).toBeWithin(1, 13);
  expect(answer.prompt_eval_count).toBeGreaterThan(0);
  for (const key of ["total_duration", "load_duration", "prompt_eval_duration", "eval_duration"] as const) {
    expect(answer[key]).toBeGreaterThan(0);
  }
}

test(
  "generate: whole, streamed, raw, continued, constrained, load only",
  async () => {
    const result = await program<{
      whole: Generated;
      chunks: Generated[];
      raw: Generated;
      again: Generated;
      constrained: { city: string };
      loaded: Generated;
    }>("generate", "smollm2");
    const { whole, chunks, raw, again, constrained, loaded } = result;

    expectMetrics(whole);
    expect(whole.model).toBe("smollm2");
    expect(whole.response.length).toBeGreaterThan(0);
    expect(whole.context?.length).toBeGreaterThan(whole.eval_count ?? 0);

    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.map((chunk) => chunk.response).join("")).toBe(whole.response);
    expect(chunks.slice(0, -1).every((chunk) => !chunk.done && chunk.eval_count === undefined)).toBe(true);
    for (const chunk of chunks.slice(-1)) expectMetrics(chunk);

    expect(raw.response.length).toBeGreaterThan(0);
    expect(raw.context).toBeUndefined();
    expect(again.prompt_eval_count).toBeGreaterThan(whole.prompt_eval_count ?? 0);
    expect(constrained.city).toBeOneOf(["Rome", "Oslo"]);
    expect(loaded).toMatchObject({ response: "", done: true, done_reason: "load" });
    await recordPypiClient("ollama", ["structured output"]);
  },
  LIMIT_MS,
);

test(
  "chat: whole, streamed, second turn",
  async () => {
    const { whole, chunks, second } = await program<{ whole: Chatted; chunks: Chatted[]; second: Chatted }>(
      "chat",
      "smollm2",
    );
    expectMetrics(whole);
    expect(whole.message.role).toBe("assistant");
    expect(whole.message.content.length).toBeGreaterThan(0);
    expect(chunks.map((chunk) => chunk.message.content).join("")).toBe(whole.message.content);
    for (const chunk of chunks.slice(-1)) expectMetrics(chunk);
    expectMetrics(second);
    expect(second.prompt_eval_count).toBeGreaterThan(whole.prompt_eval_count ?? 0);
    await recordPypiClient("ollama", ["chat", "streaming"]);
  },
  LIMIT_MS,
);

test(
  "tools: a call of the model's own, whole and streamed, and the answer to its result",
  async () => {
    await deriveModel(server, "caller", "smollm2", { template: CALLER_TEMPLATE });
    const result = await program<object>("tools", "caller", QUESTION, RESULT);
    await fetch(`${server.url}/api/delete`, { method: "DELETE", body: '{"model":"caller"}' });
    const call = { name: "get_weather", arguments: { city: "Rome" } };
    expect(result).toEqual({ call, streamed: [call], answer: "In Rome it is rainy, 12 degrees." });
    await recordPypiClient("ollama", ["tools"]);
  },
  LIMIT_MS,
);

test(
  "AsyncClient: calls at once, streams",
  async () => {
    const result = await program<{
      generated: string;
      again: string;
      pieces: string[];
      chatted: string;
      repeated: string;
      said: string[];
      lengths: number[];
      names: string[];
    }>("asynchronous", "smollm2", "all-minilm");
    expect(result.generated.length).toBeGreaterThan(0);
    expect(result.pieces.length).toBeGreaterThan(1);
    expect(result.pieces.join("")).toBe(result.again);
    expect(result.chatted.length).toBeGreaterThan(0);
    expect(result.said.join("")).toBe(result.repeated);
    expect(result.lengths).toEqual([384, 384]);
    expect(result.names).toContain("all-minilm:latest");
  },
  LIMIT_MS,
);

test(
  "embed and embeddings: length, norm, meaning, dimensions",
  async () => {
    const result = await program<{
      model: string;
      prompt_eval_count: number;
      total_duration: number;
      batch: number[][];
      single: number[];
      short: number[];
      older: number[];
    }>("embed", "all-minilm");
    const [cat = [], kitten = [], rates = []] = result.batch;
    expect(result.model).toBe("all-minilm");
    expect(result.prompt_eval_count).toBeGreaterThan(10);
    expect(result.total_duration).toBeGreaterThan(0);
    expect([cat, kitten, rates].map((vector) => vector.length)).toEqual([384, 384, 384]);
    for (const vector of [cat, kitten, rates, result.short]) expect(cosine(vector, vector)).toBeCloseTo(1, 4);
    for (const vector of [cat, result.short]) expect(norm(vector)).toBeCloseTo(1, 4);

    expect(cosine(cat, result.single)).toBeCloseTo(1, 3);
    expect(cosine(cat, kitten)).toBeGreaterThan(0.5);
    expect(cosine(cat, rates)).toBeLessThan(0.3);

    expect(result.short).toHaveLength(64);
    expect(cosine(result.short, cat.slice(0, 64))).toBeCloseTo(1, 3);
    expect(result.older).toHaveLength(384);
    expect(cosine(result.older, cat)).toBeCloseTo(1, 3);
    await recordPypiClient("ollama", ["embeddings"]);
  },
  LIMIT_MS,
);

test(
  "list, show, ps, create, copy, delete",
  async () => {
    const result = await program<Managed>("manage", "smollm2", await tinyLlama());
    const own = ["all-minilm:latest", "smollm2:latest"];
    expect(result.before).toEqual(own);
    expect(result.entry.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(result.entry.size).toBeGreaterThan(90_000_000);
    expect(result.entry.details).toMatchObject({
      format: "gguf",
      family: "llama",
      quantization_level: "Q4_1",
    });
    expect(Date.parse(result.entry.modified_at)).toBeGreaterThan(0);

    expect(result.uploaded).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(result.statuses[0]).toBe("parsing GGUF");
    expect(result.statuses.slice(-2)).toEqual(["writing manifest", "success"]);

    expect(result.created).toBe("success");
    expect(result.shown.modelfile).toContain("SYSTEM You are terse.");
    expect(result.shown.parameters).toMatch(/^temperature +0\.3$/m);
    expect(result.shown.parameters).toMatch(/^stop +"END"$/m);
    expect(result.shown.capabilities).toContain("completion");
    expect(result.shown.modelinfo).toMatchObject({ "general.architecture": "llama" });

    expect(result.copied).toBe("success");
    const made = ["derived:latest", "duplicate:latest", "uploaded:latest"];
    expect(result.after_copy).toEqual([...own, ...made].sort());

    const running = result.running.find((entry) => entry.model === "smollm2:latest");
    expect(running).toMatchObject({
      name: "smollm2:latest",
      digest: result.entry.digest,
      context_length: 4096,
    });
    expect(running?.size).toBeGreaterThan(90_000_000);

    expect(result.deleted).toEqual(["success", "success", "success"]);
    expect(result.after_delete).toEqual(own);
  },
  LIMIT_MS,
);

interface Managed {
  before: string[];
  entry: { digest: string; size: number; modified_at: string; details: Record<string, unknown> };
  uploaded: string;
  statuses: string[];
  created: string;
  shown: {
    modelfile: string;
    parameters: string;
    capabilities: string[];
    modelinfo: Record<string, unknown>;
  };
  copied: string;
  after_copy: string[];
  running: { model: string; name: string; digest: string; size: number; context_length: number }[];
  deleted: string[];
  after_delete: string[];
}

describe("failures arrive as ResponseError", () => {
  const expected: [string, number, string][] = [
    ["generate_absent", 404, "model 'absent' not found"],
    ["generate_absent_stream", 404, "model 'absent' not found"],
    ["chat_absent", 404, "model 'absent' not found"],
    ["chat_embedder", 400, '"all-minilm" does not support chat'],
    ["generate_embedder", 400, '"all-minilm" does not support generate'],
    ["think_unsupported", 400, '"smollm2" does not support thinking'],
    ["embed_absent", 404, 'model "absent" not found, try pulling it first'],
    ["embed_too_long", 400, "the input length exceeds the context length"],
    ["show_absent", 404, "model 'absent:latest' not found"],
    ["copy_absent", 404, 'model "absent" not found'],
    ["delete_absent", 404, "model 'absent' not found"],
    ["create_nothing", 400, "neither 'from' or 'files' was specified"],
    ["create_bad_digest", 400, "invalid digest format"],
    ["async_chat_absent", 404, "model 'absent' not found"],
  ];
  let failures: Record<string, [number, string]>;

  beforeAll(async () => {
    failures = await program("errors", "smollm2", "all-minilm");
  }, LIMIT_MS);

  test.each(expected)("%s: %d %s", (name, status, text) => {
    expect(failures[name]).toEqual([status, text]);
  });

  test("and no others", async () => {
    expect(Object.keys(failures).sort()).toEqual(expected.map(([name]) => name).sort());
    await recordPypiClient("ollama", ["errors"]);
  });
});

const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const norm = (a: number[]): number => Math.sqrt(dot(a, a));
const cosine = (a: number[], b: number[]): number => dot(a, b) / (norm(a) * norm(b));
