import { describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { AppError } from "../../src/lib/errors.ts";
import { fakeApp } from "../support/fake-app.ts";
import { ask, id, message, type Sent, streamOf, text } from "../support/openai-responses-fixture.ts";
import { eventsOf } from "../support/sse.ts";

describe("a stream", () => {
  test("tells everything in order", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a", "b"] }];
    const reply = await ask({ stream: true, stream_options: { include_obfuscation: true } }, app);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    const names = (await reply.clone().text()).split("\n").filter((line) => line.startsWith("event: "));
    const events = (await eventsOf(reply)) as Sent[];
    expect(names).toEqual(events.map(({ type }) => `event: ${type}`));
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at));
    const place = { item_id: id("msg"), output_index: 0, content_index: 0 };
    const item = { ...message("", "in_progress"), content: [] };
    expect<unknown>(events.map(({ sequence_number: _, ...event }) => event)).toEqual([
      { type: "response.created", response: expect.objectContaining({ status: "in_progress", output: [] }) },
      { type: "response.in_progress", response: expect.objectContaining({ usage: null }) },
      { type: "response.output_item.added", output_index: 0, item },
      { type: "response.content_part.added", ...place, part: text("") },
      { type: "response.output_text.delta", ...place, delta: "a", logprobs: [] },
      { type: "response.output_text.delta", ...place, delta: "b", logprobs: [] },
      { type: "response.output_text.done", ...place, text: "ab", logprobs: [] },
      { type: "response.content_part.done", ...place, part: text("ab") },
      { type: "response.output_item.done", output_index: 0, item: message("ab") },
      {
        type: "response.completed",
        response: expect.objectContaining({ status: "completed", output: [message("ab")] }),
      },
    ]);
    const ids = new Set(events.flatMap(({ response }) => response?.id ?? []));
    expect(ids.size).toBe(1);
    expect(app.engine.openLeases).toBe(0);
  });

  test("that is cut ends with response.incomplete", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], reason: "length" }];
    const events = await streamOf({}, app);
    expect(events.at(-1)).toMatchObject({ type: "response.incomplete", response: { status: "incomplete" } });
    expect(events.at(-2)).toMatchObject({ item: { status: "incomplete" } });
  });

  test("that fails tells the error and what there was of the response, and keeps nothing", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], error: new AppError("engine", "the model crashed") }];
    const events = await streamOf({}, app);
    const told = { code: "server_error", message: "the model crashed", param: null };
    expect<unknown>(events.slice(-2)).toMatchObject([
      {
        type: "error",
        ...told,
        error: { ...told, type: "api_error" },
        sequence_number: 5,
      },
      {
        type: "response.failed",
        sequence_number: 6,
        response: {
          status: "failed",
          error: { code: "server_error", message: "the model crashed" },
          output: [message("a", "incomplete")],
        },
      },
    ]);
    expect((await app.send("GET", `/v1/responses/${events[0]!.response!.id}`)).status).toBe(404);
  });

  test("that fails is an exception of OpenAI's client", async () => {
    const { app, engine } = fakeApp();
    engine.replies = [{ texts: ["a"], error: new AppError("engine", "the model crashed") }];
    const client = new OpenAI({
      baseURL: "http://localhost:11434/v1",
      apiKey: "any",
      maxRetries: 0,
      fetch: (input, init) => app.handle(new Request(String(input), init ?? {})),
    });
    const types: string[] = [];
    const read = async () => {
      const stream = await client.responses.create({ model: "test", input: "hi", stream: true });
      for await (const { type } of stream) types.push(type);
    };
    const thrown = await read().catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(OpenAI.APIError);
    expect(thrown).toMatchObject({ error: { message: "the model crashed" }, code: "server_error" });
    expect(types.at(-1)).toBe("response.output_text.delta");
  });

  test("that its client leaves is not kept", async () => {
    const app = fakeApp();
    app.engine.replies = [{ texts: ["a"], hangs: true }];
    const reader = (await ask({ stream: true }, app)).body!.getReader();
    const decoder = new TextDecoder();
    let seen = "";
    while (!seen.includes("output_text.delta")) seen += decoder.decode((await reader.read()).value);
    const { response } = JSON.parse(seen.split("\n")[1]!.slice("data: ".length)) as Sent;
    await reader.cancel();
    await app.engine.cancellation.promise;
    expect((await app.send("GET", `/v1/responses/${response!.id}`)).status).toBe(404);
    expect(app.engine.openLeases).toBe(0);
  });
});
