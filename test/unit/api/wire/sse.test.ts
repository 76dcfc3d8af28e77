import { expect, test } from "bun:test";
import { type ServerSentEvent, sseReply } from "../../../../src/api/wire/sse.ts";
import { abortedWith, HEARTBEAT_MS, streamEnd } from "../../../../src/api/wire/stream-reply.ts";
import { AppError } from "../../../../src/lib/errors.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { errorOf, stateOf } from "../../../support/promise-state.ts";

function replyTo(source: AsyncIterable<ServerSentEvent>, clock = new FakeClock(), headers = {}) {
  return sseReply(source, {
    clock,
    abort: abortedWith(new AbortController().signal),
    headers: () => headers,
    failure: ({ message }) => ({ event: "error", data: { error: message } }),
  });
}

async function* yields(...events: ServerSentEvent[]): AsyncGenerator<ServerSentEvent> {
  yield* events;
}

test("events with and without a name, JSON as Go writes it", async () => {
  const reply = await replyTo(yields({ data: { a: "<" } }, { event: "x", data: "[DONE]" }), undefined, {
    warning: "w",
  });
  expect(reply.headers.get("content-type")).toBe("text/event-stream");
  expect([reply.headers.get("cache-control"), reply.headers.get("warning")]).toEqual(["no-cache", "w"]);
  expect(await reply.text()).toBe('data: {"a":"\\u003c"}\n\nevent: x\ndata: [DONE]\n\n');
  expect(await streamEnd(reply)).toBe("complete");
});

test("a failure before the first event is thrown, a later one is the last event", async () => {
  async function* fails(events: ServerSentEvent[]): AsyncGenerator<ServerSentEvent> {
    yield* events;
    throw new AppError("engine", "gone");
  }
  expect((await errorOf(replyTo(fails([])))).message).toBe("gone");
  const reply = await replyTo(fails([{ data: "a" }]));
  expect(await reply.text()).toBe('data: a\n\nevent: error\ndata: {"error":"gone"}\n\n');
  expect(await streamEnd(reply)).toMatchObject({ message: "gone" });
});

test("a silent source is covered by comments, and the reply begins with the first of them", async () => {
  const clock = new FakeClock();
  const ready = Promise.withResolvers<void>();
  async function* late(): AsyncGenerator<ServerSentEvent> {
    await ready.promise;
    yield { data: "at last" };
  }
  const begun = replyTo(late(), clock);
  expect(await stateOf(begun)).toBe("pending");
  clock.advance(HEARTBEAT_MS);
  const reader = (await begun).body!.getReader();
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  const first = read();
  expect(await stateOf(first)).toBe("pending");
  clock.advance(HEARTBEAT_MS);
  expect(await first).toBe(": waiting\n\n");
  const second = read();
  expect(await stateOf(second)).toBe("pending");
  ready.resolve();
  expect([await second, await read()].join("")).toContain("data: at last\n\n");
  expect(clock.pending).toEqual([]);
});
