/** The Vercel AI SDK with both of its Ollama providers and the one for OpenAI's API, unchanged, against a real server with real models. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  APICallError,
  defaultEmbeddingSettingsMiddleware,
  type EmbeddingModel,
  embed,
  embedMany,
  generateObject,
  generateText,
  type LanguageModel,
  Output,
  rerank,
  stepCountIs,
  streamText,
  tool,
  wrapEmbeddingModel,
} from "ai";
import { OllamaError, createOllama as sdkOllama } from "ai-sdk-ollama";
import { createOllama as providerV2 } from "ollama-ai-provider-v2";
import { z } from "zod";
import { ENDLESS } from "../support/endless.ts";
import { allMiniLm, bertReranker, smollm2 } from "../support/models.ts";
import { recordNpmClient } from "../support/npm-client.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";
import { CALLER_TEMPLATE, QUESTION, RESULT } from "../support/tool-caller.ts";

const LIMIT_MS = 240_000;

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  // One of the providers sends settings where Ollama ignores them: the models bring what makes them repeatable and brief.
  const parameters = { temperature: 0, num_predict: 100 };
  await createModel(server, "smollm2", await smollm2(), { parameters });
  await createModel(server, "all-minilm", await allMiniLm());
  await createModel(server, "reranker", await bertReranker());
  await deriveModel(server, "brief", "smollm2", { parameters: { ...parameters, num_predict: 12 } });
  await deriveModel(server, "endless", "smollm2", ENDLESS);
  await deriveModel(server, "caller", "smollm2", { template: CALLER_TEMPLATE });
}, LIMIT_MS);

afterAll(() => server?.stop());

interface Provider {
  name: string;
  /** @param signal ends every request of this model. */
  chat(model: string, signal?: AbortSignal): LanguageModel;
  embedding(model: string, dimensions?: number): EmbeddingModel;
  /** Expects its own error for a 404 with this message. */
  expectMissing(error: unknown, message: string): void;
}

const sdk = (settings: Parameters<typeof sdkOllama>[0] = {}) =>
  sdkOllama({ baseURL: server.url, ...settings });
const compatible = () =>
  createOpenAICompatible({
    name: "llamero",
    baseURL: `${server.url}/v1`,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
const v2 = () => providerV2({ baseURL: `${server.url}/api` });

const fetchUntil = (ended: AbortSignal): typeof fetch => {
  const until = (input: Parameters<typeof fetch>[0], init: RequestInit = {}) =>
    fetch(input, { ...init, signal: init.signal ? AbortSignal.any([init.signal, ended]) : ended });
  return Object.assign(until, { preconnect: fetch.preconnect });
};

const PROVIDERS: readonly Provider[] = [
  {
    name: "ai-sdk-ollama",
    // It gives the signal to a client that does not take it (4.3.0 with ollama 0.6.4), and stops reading: no server can tell.
    chat: (model, signal) => sdk(signal && { fetch: fetchUntil(signal) })(model),
    embedding: (model, dimensions) => sdk().embedding(model, dimensions === undefined ? {} : { dimensions }),
    expectMissing(error, message) {
      expect(error).toBeInstanceOf(OllamaError);
      expect(error).toMatchObject({ message, cause: { status_code: 404 } });
    },
  },
  {
    name: "ollama-ai-provider-v2",
    chat: (model) => v2()(model),
    embedding: (model, dimensions) => v2().embedding(model, dimensions === undefined ? {} : { dimensions }),
    expectMissing(error, message) {
      expect(APICallError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ statusCode: 404, responseBody: JSON.stringify({ error: message }) });
    },
  },
  {
    name: "@ai-sdk/openai-compatible",
    chat: (model) => compatible()(model),
    embedding: (model, dimensions) =>
      wrapEmbeddingModel({
        model: compatible().embeddingModel(model),
        middleware: defaultEmbeddingSettingsMiddleware({
          settings: dimensions === undefined ? {} : { providerOptions: { llamero: { dimensions } } },
        }),
      }),
    expectMissing(error, message) {
      expect(APICallError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ statusCode: 404, message });
    },
  },
];

const tools = {
  get_weather: tool({
    description: "The weather in a city.",
    inputSchema: z.object({ city: z.string() }),
    execute: () => RESULT,
  }),
};
const called = [{ toolName: "get_weather", input: { city: "Rome" } }];
const schema = z.object({ city: z.enum(["Rome", "Oslo"]), population: z.int() });

describe.each(PROVIDERS)("$name", ({ name, chat, embedding, expectMissing }) => {
  test(
    "generateText and streamText",
    async () => {
      const asked = { model: chat("brief"), prompt: "Name a city.", maxRetries: 0 };
      const whole = await generateText(asked);
      expect(whole.text).not.toBe("");
      expect([whole.finishReason, whole.usage.outputTokens]).toEqual(["length", 12]);
      const streamed = streamText(asked);
      const deltas = (await Array.fromAsync(streamed.textStream)).filter((delta) => delta !== "");
      expect(deltas.length).toBeGreaterThan(2);
      expect(deltas.join("")).toBe(whole.text);
      expect([await streamed.finishReason, (await streamed.usage).outputTokens]).toEqual(["length", 12]);
      await recordNpmClient(name, "chat", "streaming");
    },
    LIMIT_MS,
  );

  test(
    "tools: a call of the model's own, its execution and the answer, whole and streamed",
    async () => {
      const asked = {
        model: chat("caller"),
        prompt: QUESTION,
        tools,
        stopWhen: stepCountIs(2),
        maxRetries: 0,
      };
      const { steps, text } = await generateText(asked);
      expect(steps.map(({ finishReason }) => finishReason)).toEqual(["tool-calls", "stop"]);
      expect(steps[0]!.toolCalls).toMatchObject(called);
      expect(steps[0]!.toolResults).toMatchObject([{ output: RESULT }]);
      expect(text).toBe("In Rome it is rainy, 12 degrees.");
      const streamed = streamText(asked);
      expect((await Array.fromAsync(streamed.textStream)).join("")).toBe(text);
      expect((await streamed.steps)[0]!.toolCalls).toMatchObject(called);
      await recordNpmClient(name, "tools");
    },
    LIMIT_MS,
  );

  test(
    "Output.object and generateObject",
    async () => {
      const asked = { model: chat("smollm2"), prompt: "Name a city and its population.", maxRetries: 0 };
      const whole = await generateText({ ...asked, output: Output.object({ schema }) });
      expect(schema.safeParse(whole.output).success).toBe(true);
      const streamed = streamText({ ...asked, output: Output.object({ schema }) });
      expect((await Array.fromAsync(streamed.partialOutputStream)).at(-1)).toEqual(whole.output);
      const { object } = await generateObject({ ...asked, schema });
      expect(object).toEqual(whole.output);
      await recordNpmClient(name, "structured output");
    },
    LIMIT_MS,
  );

  test(
    "embed and embedMany",
    async () => {
      const one = await embed({ model: embedding("all-minilm"), value: "a cat", maxRetries: 0 });
      expect([one.embedding.length, one.usage.tokens]).toEqual([384, 4]);
      const values = ["a cat", "a kitten"];
      const { embeddings } = await embedMany({ model: embedding("all-minilm"), values, maxRetries: 0 });
      expect(embeddings.map(({ length }) => length)).toEqual([384, 384]);
      const short = await embed({ model: embedding("all-minilm", 64), value: "a cat", maxRetries: 0 });
      expect(short.embedding.length).toBe(64);
      await recordNpmClient(name, "embeddings");
    },
    LIMIT_MS,
  );

  test(
    "a signal ends the answer here and on the server",
    async () => {
      const abort = new AbortController();
      const { signal } = abort;
      const asked = { prompt: "Hi", maxRetries: 0 };
      const { fullStream } = streamText({ ...asked, model: chat("endless", signal), abortSignal: signal });
      const kinds: string[] = [];
      for await (const { type } of fullStream) {
        kinds.push(type);
        if (type === "text-delta") abort.abort();
      }
      expect(kinds.at(-1)).toBe("abort");
      // One slot: the next answer comes only when the aborted one has left it.
      expect((await generateText({ ...asked, model: chat("brief") })).text).not.toBe("");
    },
    LIMIT_MS,
  );

  test(
    "errors are its own",
    async () => {
      const asked = { model: chat("nope"), prompt: "Hi", maxRetries: 0 };
      const message = "model 'nope' not found";
      expectMissing(await generateText(asked).catch((error: unknown) => error), message);
      const { fullStream } = streamText({ ...asked, onError: () => {} });
      const failures = (await Array.fromAsync(fullStream)).filter((part) => part.type === "error");
      expect(failures.length).toBe(1);
      expectMissing(failures[0]!.error, message);
      const embedded = embed({ model: embedding("nope"), value: "a cat", maxRetries: 0 });
      expectMissing(
        await embedded.catch((error: unknown) => error),
        'model "nope" not found, try pulling it first',
      );
      await recordNpmClient(name, "errors");
    },
    LIMIT_MS,
  );
});

test(
  "ollama-ai-provider-v2: toolChoice, and its completion model",
  async () => {
    const demanded = await generateText({
      model: v2()("caller"),
      prompt: "Hello!",
      tools: { get_weather: tool({ inputSchema: z.object({ city: z.enum(["Rome"]) }) }) },
      toolChoice: { type: "tool", toolName: "get_weather" },
      maxRetries: 0,
    });
    expect(demanded.toolCalls).toMatchObject(called);
    const completed = await generateText({ model: v2().completion("brief"), prompt: "Hi", maxRetries: 0 });
    expect([completed.text === "", completed.usage.outputTokens]).toEqual([false, 12]);
  },
  LIMIT_MS,
);

test(
  "ai-sdk-ollama: documents ranked by their embeddings",
  async () => {
    const { ranking } = await rerank({
      model: sdk().embeddingReranking("all-minilm"),
      query: "a young cat",
      documents: ["interest rates", "a kitten"],
      maxRetries: 0,
    });
    expect(ranking.map(({ originalIndex }) => originalIndex)).toEqual([1, 0]);
  },
  LIMIT_MS,
);

test(
  "ai-sdk-ollama: documents ranked by a ranking head, each with its text",
  async () => {
    const documents = ["interest rates", "a kitten"];
    const request = { model: sdk().reranking("reranker"), query: "a young cat", documents, maxRetries: 0 };
    const { ranking, rerankedDocuments } = await rerank(request);
    expect(rerankedDocuments.toSorted()).toEqual(["a kitten", "interest rates"]);
    expect(ranking[0]!.score).toBeGreaterThan(ranking[1]!.score);
    expect((await rerank({ ...request, topN: 1 })).ranking).toEqual([ranking[0]!]);
  },
  LIMIT_MS,
);
