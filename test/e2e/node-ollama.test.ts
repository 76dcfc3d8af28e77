/** The npm package `ollama`, unchanged, against a real server with real models. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { Ollama } from "ollama";
import { MEDIA } from "../../src/store/media-type.ts";
import { ENDLESS } from "../support/endless.ts";
import { allMiniLm, smollm2, tinyLlama } from "../support/models.ts";
import { recordNpmClient } from "../support/npm-client.ts";
import { type RegistryServer, startRegistry } from "../support/registry-server.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";
import { CALLER_TEMPLATE, QUESTION, RESULT } from "../support/tool-caller.ts";

const LIMIT_MS = 240_000;

let registry: RegistryServer;
let server: TestServer;
let client: Ollama;

beforeAll(async () => {
  registry = await startRegistry();
  server = await startServer({ OLLAMA_ALLOWED_REGISTRIES: registry.host });
  await createModel(server, "smollm2", await smollm2());
  await createModel(server, "all-minilm", await allMiniLm());
  await deriveModel(server, "endless", "smollm2", ENDLESS);
  await deriveModel(server, "caller", "smollm2", { template: CALLER_TEMPLATE });
  client = new Ollama({ host: server.url });
}, LIMIT_MS);

afterAll(async () => {
  await server?.stop();
  await registry?.[Symbol.asyncDispose]();
});

const messages = [{ role: "user", content: "Name a city." }];
const greedy = { model: "smollm2", options: { temperature: 0, num_predict: 12 } };
const format = {
  type: "object",
  properties: { city: { enum: ["Rome", "Oslo"] }, population: { type: "integer" } },
  required: ["city", "population"],
};

const failureOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => "no failure",
    (error: unknown) => error,
  );

test(
  "chat and generate: whole, streamed, scored, raw",
  async () => {
    const whole = await client.chat({ ...greedy, messages });
    expect(whole.message.role).toBe("assistant");
    expect(whole.message.content).not.toBe("");
    expect([whole.done, whole.eval_count]).toEqual([true, 12]);

    const chunks = await Array.fromAsync(await client.chat({ ...greedy, messages, stream: true }));
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.map(({ message }) => message.content).join("")).toBe(whole.message.content);
    expect(chunks.at(-1)).toMatchObject({ done: true, done_reason: "length", eval_count: 12 });

    const generated = await client.generate({ ...greedy, prompt: "Name a city.", logprobs: true });
    expect(generated.response).toBe(whole.message.content);
    expect(generated.context.length).toBe(generated.prompt_eval_count + 12);
    expect(generated.logprobs?.map(({ token }) => token).join("")).toBe(generated.response);
    const pieces = await client.generate({ ...greedy, prompt: "Once", raw: true, stream: true });
    expect((await Array.fromAsync(pieces)).map(({ response }) => response).join("")).not.toBe("");
    await recordNpmClient("ollama", "chat", "streaming");
  },
  LIMIT_MS,
);

test(
  "tools: a call of the model's own, whole and streamed, and the answer to its result",
  async () => {
    const tool = {
      type: "function",
      function: {
        name: "get_weather",
        description: "The weather in a city.",
        parameters: { type: "object", required: ["city"], properties: { city: { type: "string" } } },
      },
    };
    const asked = { model: "caller", options: { temperature: 0, num_predict: 64 }, tools: [tool] };
    const question = { role: "user", content: QUESTION };
    const { message } = await client.chat({ ...asked, messages: [question] });
    const call = { name: "get_weather", arguments: { city: "Rome" } };
    expect(message).toMatchObject({ content: "", tool_calls: [{ function: call }] });

    const streamed = await Array.fromAsync(
      await client.chat({ ...asked, messages: [question], stream: true }),
    );
    const calls = streamed.flatMap((chunk) => chunk.message.tool_calls ?? []);
    expect(calls).toMatchObject([{ function: call }]);
    expect(streamed.map((chunk) => chunk.message.content).join("")).toBe("");

    const result = { role: "tool", content: RESULT, tool_name: "get_weather" };
    const answer = await client.chat({ ...asked, messages: [question, message, result] });
    expect(answer.message).toEqual({ role: "assistant", content: "In Rome it is rainy, 12 degrees." });
    await recordNpmClient("ollama", "tools");
  },
  LIMIT_MS,
);

test(
  "format: a schema, and json",
  async () => {
    const options = { temperature: 0, num_predict: 100 };
    const { message } = await client.chat({ model: "smollm2", messages, format, options });
    expect(JSON.parse(message.content)).toEqual({
      city: expect.stringMatching(/^(Rome|Oslo)$/),
      population: expect.any(Number),
    });
    const { response } = await client.generate({
      model: "smollm2",
      prompt: "Name a city as JSON.",
      format: "json",
      options,
    });
    expect(response?.trimStart()).toMatch(/^[[{]/);
    await recordNpmClient("ollama", "structured output");
  },
  LIMIT_MS,
);

test(
  "embed and embeddings",
  async () => {
    const { embeddings } = await client.embed({ model: "all-minilm", input: ["a cat", "a kitten"] });
    expect(embeddings.map(({ length }) => length)).toEqual([384, 384]);
    const [short] = (await client.embed({ model: "all-minilm", input: "a cat", dimensions: 64 })).embeddings;
    expect(short!.length).toBe(64);
    const { embedding } = await client.embeddings({ model: "all-minilm", prompt: "a cat" });
    expect(embedding.length).toBe(384);
    await recordNpmClient("ollama", "embeddings");
  },
  LIMIT_MS,
);

test(
  "abort: of one stream, and of all",
  async () => {
    const endless = { model: "endless", messages, stream: true as const };
    const stream = await client.chat(endless);
    const reading = (async () => {
      for await (const _ of stream) stream.abort();
    })();
    expect(await failureOf(reading)).toMatchObject({ name: "AbortError" });
    // One slot: the next answer comes only when the aborted one has left it.
    expect((await client.generate({ ...greedy, prompt: "Hi" })).done).toBe(true);

    const all = (async () => {
      for await (const _ of await client.chat(endless)) client.abort();
    })();
    expect(await failureOf(all)).toMatchObject({ name: "AbortError" });
    expect((await client.generate({ ...greedy, prompt: "Hi" })).done).toBe(true);
  },
  LIMIT_MS,
);

test(
  "create, list, show, ps, copy, delete, version",
  async () => {
    const made = await client.create({ model: "made", from: "smollm2", system: "Be terse.", stream: true });
    expect((await Array.fromAsync(made)).at(-1)).toMatchObject({ status: "success" });
    await client.create({ model: "made", from: "made", parameters: { temperature: 0.3 } });
    const shown = await client.show({ model: "made" });
    expect(shown).toMatchObject({
      system: "Be terse.",
      details: { family: "llama", quantization_level: "Q4_1" },
    });
    expect(shown.parameters).toMatch(/^temperature +0\.3$/m);
    expect(shown.capabilities).toContain("completion");

    await client.copy({ source: "made", destination: "copy" });
    const names = async () => (await client.list()).models.map(({ name }) => name);
    expect(await names()).toContain("copy:latest");
    for (const model of ["made", "copy"]) await client.delete({ model });
    expect((await names()).filter((name) => /^(made|copy):/.test(name))).toEqual([]);

    // Models of the same weights share one runner, which has the name of the first.
    const unloaded = await client.generate({ model: "smollm2", prompt: "", keep_alive: 0 });
    expect(unloaded.done_reason).toBe("unload");
    // The embedding model, which other tests have asked, may stay beside it.
    expect((await client.ps()).models.filter(({ name }) => name !== "all-minilm:latest")).toEqual([]);
    await client.generate({ ...greedy, prompt: "Hi", keep_alive: "10m" });
    const [running] = (await client.ps()).models;
    expect(running).toMatchObject({ name: "smollm2:latest", size: expect.any(Number) });
    expect((await client.version()).version).toMatch(/^\d+\.\d+\.\d+/);
  },
  LIMIT_MS,
);

test(
  "pull: with its progress, aborted and gone on with, and of what is not there",
  async () => {
    const weights = registry.blob(MEDIA.model, await Bun.file(await tinyLlama()).bytes());
    registry.publish(
      "library/tiny:latest",
      weights,
      registry.blob(MEDIA.params, '{"num_predict":4,"temperature":0}\n'),
    );
    const model = `${registry.host}/library/tiny`;
    const asked = { model, insecure: true, stream: true as const };

    registry.options.bytesPerSecond = 20_000;
    const pulling = await client.pull(asked);
    const interrupted = (async () => {
      for await (const { completed } of pulling) if (completed) pulling.abort();
    })();
    expect(await failureOf(interrupted)).toMatchObject({ name: "AbortError" });

    delete registry.options.bytesPerSecond;
    const progress = await Array.fromAsync(await client.pull(asked));
    expect(progress.map(({ status }) => status)).toContain("verifying sha256 digest");
    expect(progress.find(({ digest }) => digest === weights.digest)).toMatchObject({ total: weights.size });
    expect(progress.at(-1)).toMatchObject({ status: "success" });
    expect((await client.generate({ model, prompt: "Hi" })).eval_count).toBe(4);

    const missing = { ...asked, model: `${registry.host}/library/none` };
    expect(await failureOf(client.pull(missing).then(Array.fromAsync))).toMatchObject({
      message: "pull model manifest: file does not exist",
    });
    expect(await failureOf(client.pull({ ...missing, stream: false }))).toMatchObject({
      name: "ResponseError",
      message: "pull model manifest: file does not exist",
    });
  },
  LIMIT_MS,
);

test(
  "errors are its own",
  async () => {
    const missing = await failureOf(client.chat({ ...greedy, model: "nope", messages }));
    expect(missing).toMatchObject({
      name: "ResponseError",
      status_code: 404,
      message: "model 'nope' not found",
    });
    const streamed = client.generate({ model: "nope", prompt: "Hi", stream: true });
    expect(await failureOf(streamed)).toMatchObject({ name: "ResponseError", status_code: 404 });
    expect(await failureOf(client.show({ model: "nope" }))).toMatchObject({ status_code: 404 });
    expect(await failureOf(client.delete({ model: "nope" }))).toMatchObject({ status_code: 404 });
    expect(await failureOf(client.chat({ ...greedy, messages, think: true }))).toMatchObject({
      name: "ResponseError",
      status_code: 400,
      message: '"smollm2" does not support thinking',
    });
    expect(await failureOf(client.chat({ ...greedy, model: "all-minilm", messages }))).toMatchObject({
      status_code: 400,
      message: '"all-minilm" does not support chat',
    });
    await recordNpmClient("ollama", "errors");
  },
  LIMIT_MS,
);
