/** The Responses API of the npm package `openai`, unchanged, against a real server with a real model. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import OpenAI from "openai";
import { zodResponsesFunction, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { smollm2 } from "../support/models.ts";
import { recordNpmClient } from "../support/npm-client.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";
import { CALLER_TEMPLATE, QUESTION, RESULT } from "../support/tool-caller.ts";

const LIMIT_MS = 240_000;

let server: TestServer;
let client: OpenAI;

beforeAll(async () => {
  server = await startServer();
  await createModel(server, "smollm2", await smollm2());
  await deriveModel(server, "caller", "smollm2", { template: CALLER_TEMPLATE });
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "any", maxRetries: 0 });
}, LIMIT_MS);

afterAll(() => server?.stop());

const greedy = { model: "smollm2", input: "Name a city.", temperature: 0, max_output_tokens: 16 };
const thrown = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

test(
  "whole, streamed, through its stream helper, told again",
  async () => {
    const whole = await client.responses.create(greedy);
    expect(whole.output_text).toBeTruthy();
    expect(whole.usage!.output_tokens).toBeWithin(1, 17);
    let streamed = "";
    let numbered = 0;
    for await (const event of await client.responses.create({ ...greedy, stream: true })) {
      expect(event.sequence_number).toBe(numbered++);
      if (event.type === "response.output_text.delta") streamed += event.delta;
    }
    expect(streamed).toBe(whole.output_text);
    const final = await client.responses.stream(greedy).finalResponse();
    expect(final.output_text).toBe(whole.output_text);
    const again = await client.responses.stream({ response_id: final.id }).finalResponse();
    expect(again.output).toMatchObject(final.output as object[]);
    await recordNpmClient("openai", "chat", "streaming");
  },
  LIMIT_MS,
);

test(
  "a conversation that the server keeps",
  async () => {
    const first = await client.responses.create({ ...greedy, instructions: "Be brief." });
    const second = await client.responses.create({
      ...greedy,
      input: "Another.",
      previous_response_id: first.id,
    });
    const messages = [
      { role: "user" as const, content: "Name a city." },
      { role: "assistant" as const, content: first.output_text },
      { role: "user" as const, content: "Another." },
    ];
    const sent = await client.responses.create({ ...greedy, input: messages, store: false });
    expect([second.output_text, second.usage!.input_tokens]).toEqual([
      sent.output_text,
      sent.usage!.input_tokens,
    ]);
    const { input_tokens } = await client.responses.inputTokens.count({
      model: "smollm2",
      input: "Another.",
      previous_response_id: first.id,
    });
    expect(input_tokens).toBe(second.usage!.input_tokens);

    expect((await client.responses.retrieve(second.id)).output_text).toBe(second.output_text);
    expect(await thrown(client.responses.retrieve(sent.id))).toBeInstanceOf(OpenAI.NotFoundError);
    const listed: string[] = [];
    const three = await client.responses.create({ ...greedy, input: messages });
    for await (const item of client.responses.inputItems.list(three.id, { limit: 1, order: "asc" })) {
      if (item.type === "message") listed.push(item.role);
    }
    expect(listed).toEqual(["user", "assistant", "user"]);

    await client.responses.delete(first.id);
    const broken = await thrown(client.responses.create({ ...greedy, previous_response_id: second.id }));
    expect(broken).toBeInstanceOf(OpenAI.BadRequestError);
    expect(broken).toMatchObject({
      code: "previous_response_not_found",
      param: "previous_response_id",
    });
  },
  LIMIT_MS,
);

test(
  "tools: a call of the model's own, its result, the answer; a call that is demanded, streamed",
  async () => {
    const parameters = z.object({ city: z.string() });
    const weather = zodResponsesFunction({ name: "get_weather", description: "The weather.", parameters });
    const asked = { model: "caller", tools: [weather], temperature: 0, max_output_tokens: 64 };
    const first = await client.responses.parse({ ...asked, input: QUESTION });
    const [call] = first.output.filter(({ type }) => type === "function_call");
    if (call?.type !== "function_call") throw new Error("no call");
    expect(call.parsed_arguments).toEqual({ city: "Rome" });
    const output = { type: "function_call_output" as const, call_id: call.call_id, output: RESULT };
    const answer = await client.responses.create({
      ...asked,
      input: [output],
      previous_response_id: first.id,
    });
    expect(answer.output_text).toBe("In Rome it is rainy, 12 degrees.");
    const demanded = client.responses.stream({
      ...asked,
      input: "Hi",
      tool_choice: { type: "function", name: "get_weather" },
    });
    const types: string[] = [];
    for await (const { type } of demanded) types.push(type);
    expect(types).toContain("response.function_call_arguments.done");
    const [forced] = (await demanded.finalResponse()).output;
    expect(forced).toMatchObject({ type: "function_call", name: "get_weather" });
    await recordNpmClient("openai", "tools");
  },
  LIMIT_MS,
);

test(
  "parse: a schema of zod; logprobs",
  async () => {
    const schema = z.object({ city: z.enum(["Rome", "Oslo"]), population: z.int() });
    const { output_parsed } = await client.responses.parse({
      ...greedy,
      max_output_tokens: 100,
      text: { format: zodTextFormat(schema, "city") },
    });
    expect(schema.safeParse(output_parsed).success).toBe(true);
    const { output } = await client.responses.create({
      ...greedy,
      max_output_tokens: 2,
      include: ["message.output_text.logprobs"],
      top_logprobs: 2,
    });
    const [said] = output;
    if (said?.type !== "message" || said.content[0]?.type !== "output_text") throw new Error("no text");
    const logprobs = said.content[0].logprobs!;
    expect(logprobs.map(({ token }) => token).join("")).toStartWith(said.content[0].text);
    expect(logprobs.map(({ top_logprobs }) => top_logprobs.length)).toEqual([2, 2]);
    await recordNpmClient("openai", "structured output");
  },
  LIMIT_MS,
);

test(
  "errors are its own exceptions; what is cut is incomplete",
  async () => {
    expect(await thrown(client.responses.create({ ...greedy, model: "nope" }))).toBeInstanceOf(
      OpenAI.NotFoundError,
    );
    expect(await thrown(client.responses.create({ ...greedy, background: true }))).toMatchObject({
      status: 400,
      param: "background",
    });
    const cut = await client.responses.create({ ...greedy, max_output_tokens: 1 });
    expect([cut.status, cut.incomplete_details?.reason]).toEqual(["incomplete", "max_output_tokens"]);
    expect(await thrown(client.responses.cancel(cut.id))).toBeInstanceOf(OpenAI.BadRequestError);
    await recordNpmClient("openai", "errors");
  },
  LIMIT_MS,
);

test(
  "a stream that is left ends its generation, and the model answers the next request",
  async () => {
    const stream = await client.responses.create({ ...greedy, max_output_tokens: 400, stream: true });
    let left = "";
    for await (const event of stream) {
      if (event.type === "response.created") left = event.response.id;
      if (event.type === "response.output_text.delta") break;
    }
    const next = await client.responses.create({ ...greedy, max_output_tokens: 2 });
    expect(next.status).toBe("incomplete");
    expect(await thrown(client.responses.retrieve(left))).toBeInstanceOf(OpenAI.NotFoundError);
  },
  LIMIT_MS,
);
