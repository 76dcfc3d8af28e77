import { describe, expect, test } from "bun:test";
import { HEARTBEAT_MS } from "../../src/api/wire/stream-reply.ts";
import { AppError } from "../../src/lib/errors.ts";
import { ask, caller, failure, requestId, thinker, usage } from "../support/anthropic.ts";
import { fakeApp } from "../support/fake-app.ts";
import { stateOf } from "../support/promise-state.ts";
import { eventsOf } from "../support/sse.ts";

const id = expect.stringMatching(/^msg_[a-z0-9]{24}$/);
const callId = expect.stringMatching(/^toolu_[a-z0-9]{24}$/);
const head = {
  id,
  type: "message",
  role: "assistant",
  model: "test",
  stop_details: null,
  container: null,
  diagnostics: null,
};
const text = (said: string) => ({ type: "text", text: said, citations: null });
const tools = [
  {
    name: "get_weather",
    description: "The weather in a city.",
    input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
];
const CALL = '<tool_call>{"name": "get_weather", "arguments": {"city": "Rome"}}</tool_call>';

interface Message {
  content: { type: string; text?: string; id?: string }[];
  stop_reason: string;
  stop_sequence: string | null;
  usage: object;
  warnings?: string[];
}
const whole = async (body: object, app = fakeApp()) => (await (await ask(body, app)).json()) as Message;

interface Event {
  type: string;
  [key: string]: unknown;
}
const streamed = async (body: object, app = fakeApp()) =>
  (await eventsOf(await ask({ ...body, stream: true }, app))) as Event[];
const typesOf = (events: readonly Event[]) => events.map(({ type }) => type);

describe("an answer", () => {
  test("is one message", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a", "b"], cachedTokens: 1 }];
    const reply = await ask({}, app);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([
      200,
      "application/json; charset=utf-8",
    ]);
    expect<unknown>(reply.headers.get("request-id")).toEqual(requestId);
    expect(reply.headers.get("warning")).toBeNull();
    expect<unknown>(await reply.json()).toEqual({
      ...head,
      content: [text("ab")],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: usage(1, 2, 1),
    });
    expect(app.engine.openLeases).toBe(0);
  });

  test("streams as named events, block by block", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a", "b"], cachedTokens: 1 }];
    const reply = await ask({ stream: true }, app);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    expect<unknown>(reply.headers.get("request-id")).toEqual(requestId);
    const body = await reply.text();
    const names = body.match(/^event: .*$/gm)!.map((line) => line.slice("event: ".length));
    const data = body.match(/^data: .*$/gm)!.map((line) => JSON.parse(line.slice("data: ".length)));
    expect(names).toEqual(data.map(({ type }) => type));
    expect(data).toEqual([
      {
        type: "message_start",
        message: { ...head, content: [], stop_reason: null, stop_sequence: null, usage: usage(2, 0) },
      },
      { type: "ping" },
      { type: "content_block_start", index: 0, content_block: text("") },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "a" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "b" } },
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null, stop_details: null, container: null },
        usage: usage(1, 2, 1),
      },
      { type: "message_stop" },
    ]);
    expect(app.engine.openLeases).toBe(0);
  });

  test("without any text has no blocks", async () => {
    const app = fakeApp();
    app.engine.replies = [{}, {}];
    expect((await whole({}, app)).content).toEqual([]);
    expect(typesOf(await streamed({}, app))).toEqual([
      "message_start",
      "ping",
      "message_delta",
      "message_stop",
    ]);
  });

  test("an error before the first event has its own status", async () => {
    const app = fakeApp();
    app.engine.acquireError = new AppError("busy", "server busy");
    for (const stream of [true, false]) {
      const reply = await ask({ stream }, app);
      expect(reply.status).toBe(503);
      const body = (await reply.json()) as { request_id: string };
      expect<unknown>(body).toEqual(failure("overloaded_error", "server busy"));
      expect(reply.headers.get("request-id")).toBe(body.request_id);
    }
  });

  test("an error after it is the last event, with the stream's own id", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], error: new AppError("engine", "gone") }];
    const reply = await ask({ stream: true }, app);
    const body = await reply.text();
    const last = body.trimEnd().split("\n\n").at(-1)!;
    expect(last.split("\n")[0]).toBe("event: error");
    expect(JSON.parse(last.split("\ndata: ")[1]!)).toEqual({
      type: "error",
      error: { type: "api_error", message: "gone" },
      request_id: reply.headers.get("request-id"),
    });
    expect(app.engine.openLeases).toBe(0);
  });

  test("a client that leaves ends the generation", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], hangs: true }];
    const reader = (await ask({ stream: true }, app)).body!.getReader();
    for (let at = 0; at < 4; at++) await reader.read();
    await reader.cancel();
    await app.engine.cancellation.promise;
    expect(app.engine.openLeases).toBe(0);
  });

  test("while the model loads, the stream pings", async () => {
    const app = fakeApp();
    app.engine.acquireHangs = true;
    const asked = ask({ stream: true }, app);
    await app.engine.acquiring.promise;
    app.clock.advance(HEARTBEAT_MS);
    const reader = (await asked).body!.getReader();
    const first = reader.read();
    expect(await stateOf(first)).toBe("pending");
    app.clock.advance(HEARTBEAT_MS);
    const { value } = await first;
    expect(new TextDecoder().decode(value)).toBe('event: ping\ndata: {"type":"ping"}\n\n');
    await reader.cancel();
  });
});

describe("why it ended", () => {
  test.each([
    [{}, {}, "end_turn", null],
    [{ reason: "length" }, { max_tokens: 1 }, "max_tokens", null],
    [{ reason: "length" }, { max_tokens: 2 }, "model_context_window_exceeded", null],
    [{ stopString: "END" }, { stop_sequences: ["STOP", "END"] }, "stop_sequence", "END"],
    // The model's own, from its PARAMETERs.
    [{ stopString: "<|im_end|>" }, {}, "end_turn", null],
  ] as const)("case %#", async (reply, body, reason, sequence) => {
    const app = fakeApp();
    app.engine.replies = [
      { texts: ["a"], ...reply },
      { texts: ["a"], ...reply },
    ];
    const message = await whole(body, app);
    expect([message.stop_reason, message.stop_sequence]).toEqual([reason, sequence]);
    const end = (await streamed(body, app)).find(({ type }) => type === "message_delta");
    expect(end!.delta).toMatchObject({ stop_reason: reason, stop_sequence: sequence });
  });
});

describe("thinking", () => {
  const thought = {
    type: "thinking",
    thinking: "Hm.",
    signature: `llamero.${Buffer.from("Hm.").toString("base64url")}`,
  };
  const reply = () => ({ texts: ["<think>Hm", ".</think>", "Hello"] });

  test("is a block before the text, signed", async () => {
    const app = thinker();
    app.engine.replies = [reply(), reply()];
    expect<unknown>((await whole({}, app)).content).toEqual([thought, text("Hello")]);
    const events = await streamed({}, app);
    expect(events.slice(2, -2)).toEqual([
      {
        type: "content_block_start",
        index: 0,
        content_block: { type: "thinking", thinking: "", signature: "" },
      },
      { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "Hm" } },
      { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "." } },
      {
        type: "content_block_delta",
        index: 0,
        delta: { type: "signature_delta", signature: thought.signature },
      },
      { type: "content_block_stop", index: 0 },
      { type: "content_block_start", index: 1, content_block: text("") },
      { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "Hello" } },
      { type: "content_block_stop", index: 1 },
    ]);
  });

  test("that is left out comes back by its signature", async () => {
    const app = thinker();
    app.engine.replies = [reply(), reply()];
    const thinking = { type: "adaptive", display: "omitted" };
    const { content } = await whole({ thinking }, app);
    expect<unknown>(content).toEqual([{ ...thought, thinking: "" }, text("Hello")]);
    const kinds = (await streamed({ thinking }, app)).flatMap(({ delta }) =>
      typeof delta === "object" && delta !== null && "type" in delta ? [delta.type] : [],
    );
    expect(kinds).toEqual(["signature_delta", "text_delta"]);
    const messages = [
      { role: "user", content: "hi" },
      { role: "assistant", content },
      { role: "user", content: "and?" },
    ];
    await ask({ messages }, app);
    expect(String.fromCodePoint(...app.engine.tasks.at(-1)!.tokens)).toContain(
      "<assistant><think>Hm.</think>Hello",
    );
  });

  test("that ends the answer is closed", async () => {
    const app = thinker();
    app.engine.replies = [{ texts: ["<think>Hm."], reason: "length" }];
    const message = await whole({ max_tokens: 10 }, app);
    expect<unknown>(message.content).toEqual([thought]);
    expect(message.stop_reason).toBe("max_tokens");
  });
});

describe("tool calls", () => {
  const called = (input: object) => ({
    type: "tool_use",
    id: callId,
    name: "get_weather",
    input,
    caller: { type: "direct" },
  });

  test("are blocks of their own, whole", async () => {
    const app = caller();
    app.engine.replies = [{ texts: ["Let me look. ", CALL] }, { texts: ["Let me look. ", CALL] }];
    const message = await whole({ tools }, app);
    expect<unknown>(message.content).toEqual([text("Let me look."), called({ city: "Rome" })]);
    expect(message.stop_reason).toBe("tool_use");
    const events = await streamed({ tools }, app);
    expect<unknown>(events.filter(({ index }) => index === 1)).toEqual([
      { type: "content_block_start", index: 1, content_block: called({}) },
      {
        type: "content_block_delta",
        index: 1,
        delta: { type: "input_json_delta", partial_json: '{"city":"Rome"}' },
      },
      { type: "content_block_stop", index: 1 },
    ]);
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: "tool_use" } });
  });

  test("several have ids of their own", async () => {
    const app = caller();
    app.engine.replies = [{ texts: [CALL, "\n", CALL.replace("Rome", "Oslo")] }];
    const { content } = await whole({ tools }, app);
    expect(content.map(({ type }) => type)).toEqual(["tool_use", "tool_use"]);
    expect(new Set(content.map(({ id }) => id)).size).toBe(2);
  });

  test("text that only looks like one is text, and why is told", async () => {
    const app = caller();
    const unknown = CALL.replace("get_weather", "get_time");
    app.engine.replies = [{ texts: [unknown] }, { texts: [unknown] }];
    const message = await whole({ tools }, app);
    expect(message.stop_reason).toBe("end_turn");
    expect(message.warnings).toEqual([expect.stringContaining("get_time")]);
    const end = (await streamed({ tools }, app)).find(({ type }) => type === "message_delta");
    expect(end!.warnings).toEqual(message.warnings);
  });
});
