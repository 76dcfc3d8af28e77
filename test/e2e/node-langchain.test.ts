/** The npm packages `@langchain/ollama` and `@langchain/openai`, unchanged, against a real server with real models. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Embeddings } from "@langchain/core/embeddings";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOllama, OllamaEmbeddings } from "@langchain/ollama";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { z } from "zod";
import { ENDLESS } from "../support/endless.ts";
import { allMiniLm, smollm2 } from "../support/models.ts";
import { recordNpmClient } from "../support/npm-client.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";
import { CALLER_TEMPLATE, QUESTION, RESULT } from "../support/tool-caller.ts";

const LIMIT_MS = 240_000;

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  await createModel(server, "smollm2", await smollm2());
  await createModel(server, "all-minilm", await allMiniLm());
  await deriveModel(server, "endless", "smollm2", ENDLESS);
  await deriveModel(server, "caller", "smollm2", { template: CALLER_TEMPLATE });
}, LIMIT_MS);

afterAll(() => server?.stop(), 30_000);

interface Provider {
  name: string;
  chat(model: string, limit: number): BaseChatModel;
  embeddings(model: string, dimensions?: number): Embeddings;
  /** What an answer that reached its limit says of itself. */
  metadata: object;
  /** Expects its own error with this status. */
  expectRefusal(attempt: Promise<unknown>, status: number, message?: string): Promise<void>;
}

const openai = () => ({ apiKey: "any", configuration: { baseURL: `${server.url}/v1` }, maxRetries: 0 });
const ollama = () => ({ baseUrl: server.url, maxRetries: 0 });
const fewer = (dimensions: number | undefined) => (dimensions === undefined ? {} : { dimensions });

const PROVIDERS: readonly Provider[] = [
  {
    name: "@langchain/ollama",
    chat: (model, numPredict) => new ChatOllama({ ...ollama(), model, temperature: 0, numPredict }),
    embeddings: (model, dimensions) => new OllamaEmbeddings({ ...ollama(), model, ...fewer(dimensions) }),
    metadata: { model: "smollm2", done_reason: "length" },
    async expectRefusal(attempt, status, message) {
      const failure = { name: "ResponseError", status_code: status, ...(message && { message }) };
      await expect(attempt).rejects.toMatchObject(failure);
    },
  },
  {
    name: "@langchain/openai",
    chat: (model, maxTokens) => new ChatOpenAI({ ...openai(), model, temperature: 0, maxTokens }),
    embeddings: (model, dimensions) => new OpenAIEmbeddings({ ...openai(), model, ...fewer(dimensions) }),
    metadata: { model_name: "smollm2", finish_reason: "length" },
    async expectRefusal(attempt, status, message) {
      const failure = { status, ...(message && { message: expect.stringContaining(message) }) };
      await expect(attempt).rejects.toMatchObject(failure);
    },
  },
];

describe.each(PROVIDERS)("$name", ({ name, chat, embeddings, metadata, expectRefusal }) => {
  test(
    "invoke, batch and stream",
    async () => {
      const model = chat("smollm2", 12);
      const whole = await model.invoke("Name a city.");
      expect(whole.text).not.toBe("");
      expect(whole.usage_metadata).toMatchObject({ output_tokens: 12 });
      expect(whole.response_metadata).toMatchObject(metadata);
      const [first, second] = await model.batch(["Name a city.", "Name a river."]);
      expect(first!.text).toBe(whole.text);
      expect(second!.text).not.toBe("");
      const chunks = await Array.fromAsync(await model.stream([new HumanMessage("Name a city.")]));
      expect(chunks.length).toBeGreaterThan(2);
      expect(chunks.map(({ text }) => text).join("")).toBe(whole.text);
      await recordNpmClient(name, "chat", "streaming");
    },
    LIMIT_MS,
  );

  test(
    "bindTools: a call of the model's own, whole and streamed, and the answer to its result",
    async () => {
      const schema = z.object({ city: z.string() });
      const weather = tool(() => RESULT, {
        name: "get_weather",
        description: "The weather in a city.",
        schema,
      });
      const model = chat("caller", 64).bindTools!([weather]);
      const question = new HumanMessage(QUESTION);
      const called = await model.invoke([question]);
      expect(called.text).toBe("");
      expect(called.tool_calls).toMatchObject([{ name: "get_weather", args: { city: "Rome" } }]);

      const chunks = await Array.fromAsync(await model.stream([question]));
      expect(chunks.flatMap(({ tool_calls }) => tool_calls ?? [])).toMatchObject([
        { name: "get_weather", args: { city: "Rome" } },
      ]);
      const result: unknown = await weather.invoke(called.tool_calls![0]!);
      expect(result).toBeInstanceOf(ToolMessage);
      const answer = await model.invoke([question, called, result as ToolMessage]);
      expect(answer.text).toBe("In Rome it is rainy, 12 degrees.");
      await recordNpmClient(name, "tools");
    },
    LIMIT_MS,
  );

  test(
    "withStructuredOutput: by a schema, by JSON mode, by a tool call",
    async () => {
      const schema = z.object({ city: z.enum(["Rome", "Oslo"]), population: z.int() });
      const prompt = "Name a city and its population.";
      const bySchema = await chat("smollm2", 100).withStructuredOutput(schema).invoke(prompt);
      expect(schema.safeParse(bySchema).success).toBe(true);
      const byJson = chat("smollm2", 100).withStructuredOutput(z.object({}).loose(), { method: "jsonMode" });
      expect(await byJson.invoke("Answer with a JSON object: a city and its country.")).toBeObject();
      const byCall = chat("caller", 64).withStructuredOutput(z.object({ city: z.string() }), {
        name: "get_weather",
        method: "functionCalling",
      });
      expect(await byCall.invoke(QUESTION)).toEqual({ city: "Rome" });
      await recordNpmClient(name, "structured output");
    },
    LIMIT_MS,
  );

  test(
    "embeddings: documents, a query, fewer dimensions",
    async () => {
      const embedder = embeddings("all-minilm");
      const documents = await embedder.embedDocuments(["a cat", "a kitten"]);
      expect(documents.map(({ length }) => length)).toEqual([384, 384]);
      const query = await embedder.embedQuery("a cat");
      for (const [at, value] of query.entries()) expect(value).toBeCloseTo(documents[0]![at]!, 3);
      const short = await embeddings("all-minilm", 64).embedQuery("a cat");
      expect(short.length).toBe(64);
      await recordNpmClient(name, "embeddings");
    },
    LIMIT_MS,
  );

  test(
    "a signal ends the answer here and on the server",
    async () => {
      const abort = new AbortController();
      const reading = (async () => {
        const stream = await chat("endless", 100_000).stream("Hi", { signal: abort.signal });
        for await (const _ of stream) abort.abort();
      })();
      await expect(reading).rejects.toHaveProperty("name", "AbortError");
      // One slot: the next answer comes only when the aborted one has left it.
      expect((await chat("smollm2", 2).invoke("Hi")).usage_metadata).toMatchObject({ output_tokens: 2 });
    },
    LIMIT_MS,
  );

  test(
    "errors are its own",
    async () => {
      const message = "model 'nope' not found";
      await expectRefusal(chat("nope", 2).invoke("Hi"), 404, message);
      await expectRefusal(chat("nope", 2).stream("Hi").then(Array.fromAsync), 404, message);
      await expectRefusal(chat("all-minilm", 2).invoke("Hi"), 400);
      await expectRefusal(embeddings("nope").embedQuery("a cat"), 404);
      await recordNpmClient(name, "errors");
    },
    LIMIT_MS,
  );
});

test(
  "@langchain/ollama: think, of a model that cannot",
  async () => {
    const thinking = new ChatOllama({ ...ollama(), model: "smollm2", think: true });
    await expect(thinking.invoke("Hi")).rejects.toMatchObject({ name: "ResponseError", status_code: 400 });
  },
  LIMIT_MS,
);
