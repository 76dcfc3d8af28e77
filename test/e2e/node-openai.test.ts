/** The npm package `openai`, unchanged, against a real server with real models. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import OpenAI from "openai";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { allMiniLm, smollm2 } from "../support/models.ts";
import { recordNpmClient } from "../support/npm-client.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";
import { CALLER_TEMPLATE, QUESTION, RESULT } from "../support/tool-caller.ts";

const LIMIT_MS = 240_000;

let server: TestServer;
let client: OpenAI;

beforeAll(async () => {
  server = await startServer();
  await createModel(server, "smollm2", await smollm2());
  await createModel(server, "all-minilm", await allMiniLm());
  await deriveModel(server, "caller", "smollm2", { template: CALLER_TEMPLATE });
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "any", maxRetries: 0 });
}, LIMIT_MS);

afterAll(() => server?.stop());

const messages = [{ role: "user" as const, content: "Name a city." }];
const greedy = { model: "smollm2", messages, temperature: 0, max_tokens: 12 };

test(
  "chat: whole, streamed, through its stream helper",
  async () => {
    const whole = await client.chat.completions.create(greedy);
    const said = whole.choices[0]!.message.content;
    expect(said).toBeTruthy();
    let streamed = "";
    for await (const chunk of await client.chat.completions.create({ ...greedy, stream: true })) {
      streamed += chunk.choices[0]?.delta.content ?? "";
    }
    expect(streamed).toBe(said!);
    const final = await client.chat.completions.stream(greedy).finalMessage();
    expect([final.role, final.content]).toEqual(["assistant", said]);
    await recordNpmClient("openai", "chat", "streaming");
  },
  LIMIT_MS,
);

test(
  "runTools: a call of the model's own, its execution and the answer; a call that is demanded, streamed",
  async () => {
    const parameters = z.object({ city: z.string() });
    const weather = zodFunction({ name: "get_weather", description: "The weather.", parameters });
    const asked = { model: "caller", temperature: 0, max_tokens: 64 };
    const seen: unknown[] = [];
    const runner = client.chat.completions.runTools({
      ...asked,
      messages: [{ role: "user", content: QUESTION }],
      tools: [
        zodFunction({
          name: "get_weather",
          description: "The weather.",
          parameters,
          function: (input) => {
            seen.push(input);
            return RESULT;
          },
        }),
      ],
    });
    expect(await runner.finalContent()).toBe("In Rome it is rainy, 12 degrees.");
    expect(seen).toEqual([{ city: "Rome" }]);
    const streamed = client.chat.completions.stream({
      ...asked,
      messages,
      tools: [weather],
      tool_choice: { type: "function", function: { name: "get_weather" } },
    });
    const [call] = (await streamed.finalChatCompletion()).choices[0]!.message.tool_calls!;
    expect(call).toMatchObject({ function: { parsed_arguments: { city: expect.any(String) } } });
    await recordNpmClient("openai", "tools");
  },
  LIMIT_MS,
);

test(
  "parse: a schema of zod",
  async () => {
    const schema = z.object({ city: z.enum(["Rome", "Oslo"]), population: z.int() });
    const { choices } = await client.chat.completions.parse({
      ...greedy,
      max_tokens: 100,
      response_format: zodResponseFormat(schema, "city"),
    });
    expect(schema.safeParse(choices[0]!.message.parsed).success).toBe(true);
    await recordNpmClient("openai", "structured output");
  },
  LIMIT_MS,
);

test(
  "logit_bias: a token that is pushed is all that is said",
  async () => {
    const scored = await client.chat.completions.create({ ...greedy, logprobs: true, max_tokens: 1 });
    const [first] = scored.choices[0]!.logprobs!.content!;
    const pushed = await client.chat.completions.create({
      ...greedy,
      logit_bias: { "28120": 100 },
      max_tokens: 3,
    });
    const text = pushed.choices[0]!.message.content!;
    expect(text).toBe(text.slice(0, text.length / 3).repeat(3));
    expect(text).not.toStartWith(first!.token);
    const refused = client.chat.completions.create({ ...greedy, logit_bias: { "99999999": 1 } });
    expect(await refused.catch((error: unknown) => error)).toMatchObject({
      status: 400,
      error: { message: "logit_bias contains 99999999, which is no token of this model" },
    });
  },
  LIMIT_MS,
);

test(
  "a stream that is left ends its generation, and the model answers the next request",
  async () => {
    const stream = await client.chat.completions.create({ ...greedy, max_tokens: 400, stream: true });
    for await (const _ of stream) break;
    const next = await client.chat.completions.create({ ...greedy, max_tokens: 2 });
    expect(next.choices.length).toBe(1);
  },
  LIMIT_MS,
);

test(
  "embeddings, models, errors",
  async () => {
    const { data } = await client.embeddings.create({ model: "all-minilm", input: "Hello world" });
    expect(data[0]!.embedding.length).toBe(384);
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids.toSorted()).toEqual(["all-minilm:latest", "caller:latest", "smollm2:latest"]);
    const missing = await client.models.retrieve("nope").catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(OpenAI.NotFoundError);
    const refused = await client.chat.completions.create({ ...greedy, messages: [] }).catch((error) => error);
    expect(refused).toBeInstanceOf(OpenAI.BadRequestError);
    expect((refused as InstanceType<typeof OpenAI.BadRequestError>).param).toBe("messages");
    await recordNpmClient("openai", "embeddings", "errors");
  },
  LIMIT_MS,
);
