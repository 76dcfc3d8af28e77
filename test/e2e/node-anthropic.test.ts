/** The npm package `@anthropic-ai/sdk`, unchanged, against a real server with a real model. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import { z } from "zod";
import { smollm2 } from "../support/models.ts";
import { recordNpmClient } from "../support/npm-client.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";
import { THINKER_QUESTION, THINKER_TEMPLATE, THOUGHT, THOUGHT_ANSWER } from "../support/thinker.ts";
import { CALLER_TEMPLATE, QUESTION, RESULT } from "../support/tool-caller.ts";

const LIMIT_MS = 240_000;
const CLIENT = "@anthropic-ai/sdk";

let server: TestServer;
let client: Anthropic;

beforeAll(async () => {
  server = await startServer();
  await createModel(server, "smollm2", await smollm2());
  await deriveModel(server, "caller", "smollm2", { template: CALLER_TEMPLATE });
  await deriveModel(server, "thinker", "smollm2", { template: THINKER_TEMPLATE });
  client = new Anthropic({ baseURL: server.url, apiKey: "any", maxRetries: 0 });
}, LIMIT_MS);

afterAll(() => server?.stop());

const user = (content: string) => ({ role: "user" as const, content });
const greedy = { model: "smollm2", temperature: 0, max_tokens: 12, messages: [user("Name a city.")] };
const weather: Anthropic.Tool = {
  name: "get_weather",
  description: "The weather in a city.",
  input_schema: {
    type: "object",
    properties: { city: { enum: ["Rome", "Oslo"] } },
    required: ["city"],
    additionalProperties: false,
  },
};

const textOf = ({ content }: { content: Anthropic.ContentBlock[] }): string =>
  content.map((block) => (block.type === "text" ? block.text : "")).join("");

/** All tokens of a prompt, cached or not. */
const promptTokens = ({ input_tokens, cache_read_input_tokens }: Anthropic.Usage): number =>
  input_tokens + (cache_read_input_tokens ?? 0);

const failureOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => "no failure",
    (error: unknown) => error,
  );

test(
  "messages: whole, as raw events, through the stream helper",
  async () => {
    const whole = await client.messages.create(greedy);
    expect(whole).toMatchObject({ type: "message", role: "assistant", model: "smollm2" });
    expect(whole._request_id).toMatch(/^req_[0-9a-f]{24}$/);
    const said = textOf(whole);
    expect(said).not.toBe("");
    expect(whole.usage.output_tokens).toBeWithin(1, 13);

    const types: string[] = [];
    let streamed = "";
    for await (const event of await client.messages.create({ ...greedy, stream: true })) {
      types.push(event.type);
      if (event.type === "content_block_delta" && event.delta.type === "text_delta")
        streamed += event.delta.text;
    }
    expect(streamed).toBe(said);
    expect([types[0], types.at(-1)]).toEqual(["message_start", "message_stop"]);

    const helper = client.messages.stream(greedy);
    const final = await helper.finalMessage();
    expect([textOf(final), final.stop_reason]).toEqual([said, whole.stop_reason]);
    expect(promptTokens(final.usage)).toBe(promptTokens(whole.usage));
    expect(final.usage.cache_read_input_tokens).toBeGreaterThan(0);
    await recordNpmClient(CLIENT, "chat", "streaming");
  },
  LIMIT_MS,
);

test(
  "a stop sequence is named, a limit is told, a system prompt and an unfinished answer count",
  async () => {
    const words = textOf(await client.messages.create(greedy)).split(" ");
    const stop = words[2]!;
    const stopped = await client.messages.create({ ...greedy, stop_sequences: ["never said", stop] });
    expect(stopped).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: stop });
    expect(textOf(stopped)).toBe(`${words.slice(0, 2).join(" ")} `);
    const limited = await client.messages.create({ ...greedy, max_tokens: 2 });
    expect(limited).toMatchObject({ stop_reason: "max_tokens", usage: { output_tokens: 2 } });
    const silent = await client.messages.create({ ...greedy, max_tokens: 0 });
    expect(silent).toMatchObject({ content: [], stop_reason: "max_tokens", usage: { output_tokens: 0 } });
    const prefilled = await client.messages.create({
      ...greedy,
      system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
      messages: [...greedy.messages, { role: "assistant", content: words.slice(0, 2).join(" ") }],
    });
    expect(textOf(prefilled)).toStartWith(" ");
  },
  LIMIT_MS,
);

test(
  "count_tokens is what an answer to the same is charged for",
  async () => {
    const { max_tokens: _, temperature: __, ...asked } = greedy;
    for (const more of [{}, { system: "Be brief." }, { model: "caller", tools: [weather] }]) {
      const { input_tokens } = await client.messages.countTokens({ ...asked, ...more });
      const { usage } = await client.messages.create({ ...greedy, ...more, max_tokens: 1 });
      expect(input_tokens).toBe(promptTokens(usage));
    }
  },
  LIMIT_MS,
);

test(
  "tools: a demanded call, whole and streamed, and the answer to its result",
  async () => {
    const messages = [user(QUESTION)];
    const asked = { model: "caller", temperature: 0, max_tokens: 64, messages, tools: [weather] };
    const forced = { ...asked, tool_choice: { type: "tool" as const, name: "get_weather" } };
    const whole = await client.messages.create(forced);
    const [call] = whole.content;
    expect([whole.stop_reason, call]).toMatchObject([
      "tool_use",
      { type: "tool_use", name: "get_weather", input: { city: "Rome" } },
    ]);
    const inputs: unknown[] = [];
    const streamed = client.messages.stream(forced).on("inputJson", (_, snapshot) => inputs.push(snapshot));
    expect((await streamed.finalMessage()).content).toMatchObject([
      { type: "tool_use", input: { city: "Rome" } },
    ]);
    expect(inputs.at(-1)).toEqual({ city: "Rome" });
    const id = call!.type === "tool_use" ? call!.id : "";
    const result = { type: "tool_result" as const, tool_use_id: id, content: RESULT };
    const answer = await client.messages.create({
      ...asked,
      messages: [
        ...messages,
        { role: "assistant", content: whole.content },
        { role: "user", content: [result] },
      ],
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
    });
    expect([answer.stop_reason, textOf(answer)]).toEqual(["end_turn", "In Rome it is rainy, 12 degrees."]);
    await recordNpmClient(CLIENT, "tools");
  },
  LIMIT_MS,
);

test(
  "tools: the tool runner calls, and answers from the result",
  async () => {
    const asked: string[] = [];
    const tool = betaZodTool({
      name: "get_weather",
      description: "The weather in a city.",
      inputSchema: z.object({ city: z.string() }),
      run({ city }) {
        asked.push(city);
        return RESULT;
      },
    });
    const params = {
      model: "caller",
      temperature: 0,
      max_tokens: 64,
      messages: [user(QUESTION)],
      tools: [tool],
    };
    const final = await client.beta.messages.toolRunner(params);
    expect(asked).toEqual(["Rome"]);
    expect(final.content).toMatchObject([{ type: "text", text: "In Rome it is rainy, 12 degrees." }]);
  },
  LIMIT_MS,
);

test(
  "structured output is parsed",
  async () => {
    const schema = z.object({ city: z.enum(["Rome", "Oslo"]), population: z.int() });
    const asked = { ...greedy, max_tokens: 64, output_config: { format: zodOutputFormat(schema) } };
    const { parsed_output } = await client.messages.parse(asked);
    expect(schema.parse(parsed_output)).toEqual(parsed_output!);
    await recordNpmClient(CLIENT, "structured output");
  },
  LIMIT_MS,
);

test(
  "thinking: a block of its own, streamed, left out, and sent back",
  async () => {
    const asked = { model: "thinker", temperature: 0, max_tokens: 40, messages: [user(THINKER_QUESTION)] };
    const whole = await client.messages.create({ ...asked, thinking: { type: "adaptive" } });
    expect(whole.content).toMatchObject([
      { type: "thinking", thinking: THOUGHT },
      { type: "text", text: THOUGHT_ANSWER },
    ]);
    let thoughts = "";
    const helper = client.messages.stream({
      ...asked,
      thinking: { type: "enabled", budget_tokens: 1024 },
    });
    helper.on("thinking", (delta) => {
      thoughts += delta;
    });
    const final = await helper.finalMessage();
    expect<unknown>([thoughts, final.content]).toEqual([THOUGHT, whole.content]);

    const omitted = await client.messages.create({
      ...asked,
      thinking: { type: "adaptive", display: "omitted" },
    });
    expect(omitted.content).toMatchObject([{ thinking: "" }, { text: THOUGHT_ANSWER }]);
    const next = (content: Anthropic.ContentBlockParam[]) =>
      client.messages.countTokens({
        model: "thinker",
        messages: [...asked.messages, { role: "assistant", content }, user("And of Greece?")],
      });
    expect(await next(omitted.content)).toEqual(await next(whole.content));
  },
  LIMIT_MS,
);

test(
  "failures are the client's own exceptions, and a stream that is left ends its generation",
  async () => {
    for (const stream of [false, true]) {
      const missing = await failureOf(
        client.messages.create({ ...greedy, model: "claude-opus-5-5", stream }),
      );
      expect(missing).toBeInstanceOf(Anthropic.NotFoundError);
      expect(missing).toMatchObject({
        status: 404,
        type: "not_found_error",
        apiMessage: "model 'claude-opus-5-5' not found",
        requestID: expect.stringMatching(/^req_/),
      });
    }
    const refused = await failureOf(client.messages.create({ ...greedy, messages: [] }));
    expect(refused).toBeInstanceOf(Anthropic.BadRequestError);
    expect(refused).toMatchObject({ type: "invalid_request_error", apiMessage: "messages is required" });
    const uncounted = await failureOf(client.messages.countTokens({ model: "nope", messages: [user("hi")] }));
    expect(uncounted).toBeInstanceOf(Anthropic.NotFoundError);

    for await (const _ of await client.messages.create({ ...greedy, max_tokens: 400, stream: true })) break;
    expect(textOf(await client.messages.create({ ...greedy, max_tokens: 2 }))).not.toBe("");
    await recordNpmClient(CLIENT, "errors");
  },
  LIMIT_MS,
);
