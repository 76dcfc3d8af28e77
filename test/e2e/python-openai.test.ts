/** The PyPI package `openai`, unchanged, against a real server with real models. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { allMiniLm, smollm2 } from "../support/models.ts";
import { recordPypiClient } from "../support/pypi-client.ts";
import { runPython } from "../support/python.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";

const LIMIT_MS = 240_000;

/** A template that shows tools, for a model that was never taught to call any: its calls are forced. */
const TOOL_TEMPLATE = `{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}{{ range .ToolCalls }}<tool_call>{"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}</tool_call>{{ end }}<|im_end|>
{{ end }}{{ range .Tools }}{{ . }}{{ end }}<|im_start|>assistant
`;

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  await createModel(server, "smollm2", await smollm2());
  await createModel(server, "all-minilm", await allMiniLm());
  await deriveModel(server, "someone/smollm2", "smollm2");
  await deriveModel(server, "caller", "smollm2", { template: TOOL_TEMPLATE });
}, LIMIT_MS);

afterAll(() => server?.stop());

/** Runs test/e2e/python-openai/<name>.py and returns the JSON that it prints. */
async function program<Result>(name: string, ...args: string[]): Promise<Result> {
  const code = await Bun.file(join(import.meta.dir, "python-openai", `${name}.py`)).text();
  const env = { OPENAI_BASE_URL: `${server.url}/v1` };
  const { stdout, stderr, code: exit } = await runPython(code, { env, args });
  if (exit !== 0) throw new Error(`${name}.py exited with ${exit}:\n${stderr}`);
  return JSON.parse(stdout) as Result;
}

interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}
interface Chat {
  choices: { index: number; message: { role: string; content: string }; finish_reason: string }[];
  usage: Usage;
}
interface Chunk {
  choices: { delta: { role?: string; content?: string }; finish_reason: string | null }[];
  usage: Usage | null;
}

test(
  "chat: whole, streamed, scored, several, parsed",
  async () => {
    const result = await program<{
      whole: Chat;
      chunks: Chunk[];
      several: Chat;
      first: { token: string; logprob: number; top_logprobs: { token: string }[] };
      tokens: Chat;
      parsed: { city: string; population: number };
      events: string[];
      final: string;
    }>("chat", "smollm2");
    const { whole, chunks, several, first } = result;
    const [answer] = whole.choices;
    expect(answer!.message.role).toBe("assistant");
    expect(answer!.message.content.length).toBeGreaterThan(0);
    expect(answer!.finish_reason).toBeOneOf(["stop", "length"]);
    expect(whole.usage.completion_tokens).toBeWithin(1, 13);

    expect(chunks[0]!.choices[0]!.delta.role).toBe("assistant");
    const text = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta.content ?? "")).join("");
    expect([text, result.final]).toEqual([answer!.message.content, answer!.message.content]);
    const { prompt_tokens, completion_tokens, total_tokens } = whole.usage;
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens, completion_tokens, total_tokens },
    });

    expect(several.choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(new Set(several.choices.map(({ message }) => message.content)).size).toBe(3);

    expect(first.logprob).toBeLessThanOrEqual(0);
    expect(first.top_logprobs.map(({ token }) => token)).toContain(first.token);
    expect(result.parsed.city).toBeOneOf(["Rome", "Oslo"]);
    expect(result.parsed.population).toBeInteger();
    expect(result.events).toContain("content.done");
    await recordPypiClient("openai", ["chat", "streaming", "structured output"]);
  },
  LIMIT_MS,
);

test(
  "tools: a demanded call, and its answer",
  async () => {
    const { whole, streamed, answer } = await program<{
      whole: {
        finish_reason: string;
        message: { tool_calls: { function: { name: string; arguments: string } }[] };
      };
      streamed: { message: { tool_calls: { function: { name: string; arguments: string } }[] } };
      answer: string;
    }>("tools", "caller");
    expect(whole.finish_reason).toBe("tool_calls");
    const [call] = whole.message.tool_calls;
    expect(call!.function.name).toBe("get_weather");
    expect(JSON.parse(call!.function.arguments).city).toBeOneOf(["Rome", "Oslo"]);
    expect(streamed.message.tool_calls[0]!.function).toMatchObject(call!.function);
    expect(answer.length).toBeGreaterThan(0);
    await recordPypiClient("openai", ["tools"]);
  },
  LIMIT_MS,
);

test(
  "completions, embeddings, models, errors as its own exceptions",
  async () => {
    const result = await program<{
      completion: { choices: { index: number; text: string }[]; usage: Usage };
      scored: { tokens: string[]; token_logprobs: number[]; text_offset: number[] };
      scored_text: string;
      tokens: string;
      pieces: string[];
      vectors: number[][];
      floats: number[][];
      as_tokens: number[];
      embed_usage: object;
      models: string[];
      model: object;
      named: object;
      failures: Record<string, { type: string; message: string; param: string | null }>;
      at_once: number[];
    }>("others", "smollm2", "all-minilm");
    const { choices } = result.completion;
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(choices.map(({ text }) => text.slice(0, 6))).toEqual(["Say a.", "Say a.", "Say b.", "Say b."]);
    expect(result.scored.tokens.join("")).toBe(result.scored_text);
    expect(result.scored.token_logprobs.length).toBe(result.scored.text_offset.length);
    expect(result.pieces.join("")).toBe(result.scored_text);
    expect(result.tokens.length).toBeGreaterThan(0);

    const [vector] = result.vectors;
    expect(vector!.length).toBe(384);
    expect(Math.hypot(...vector!)).toBeCloseTo(1, 5);
    expect(result.floats.map(({ length }) => length)).toEqual([8, 8]);
    for (const [at, value] of result.as_tokens.entries()) expect(value).toBeCloseTo(vector![at]!, 5);

    expect(result.models.toSorted()).toEqual([
      "all-minilm:latest",
      "caller:latest",
      "smollm2:latest",
      "someone/smollm2:latest",
    ]);
    expect(result.model).toMatchObject({ id: "smollm2", object: "model", owned_by: "library" });
    expect(result.named).toMatchObject({ id: "someone/smollm2", owned_by: "someone" });
    expect(result.failures).toMatchObject({
      missing: { type: "NotFoundError", message: "model 'nope' not found" },
      missing_model: { type: "NotFoundError", message: "model 'nope:latest' not found" },
      refused: { type: "BadRequestError", param: "messages" },
      streamed: { type: "NotFoundError", message: "model 'nope' not found" },
      path: { type: "NotFoundError", message: "unknown path: GET /v1/files" },
      tools: { type: "BadRequestError" },
    });
    expect(result.at_once).toEqual([1, 1, 1]);
    await recordPypiClient("openai", ["embeddings", "errors"]);
  },
  LIMIT_MS,
);
