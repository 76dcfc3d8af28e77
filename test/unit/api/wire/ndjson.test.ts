import { describe, expect, test } from "bun:test";
import { ndjsonReply } from "../../../../src/api/wire/ndjson.ts";
import { abortedWith, streamEnd } from "../../../../src/api/wire/stream-reply.ts";
import { AppError, badRequest } from "../../../../src/lib/errors.ts";
import { errorOf } from "../../../support/promise-state.ts";

const options = (headers = {}) => ({
  abort: abortedWith(new AbortController().signal),
  headers: () => headers,
});

test("one object a line, Go's escapes, then the end", async () => {
  const source = (async function* () {
    yield { a: "<" };
    yield { b: 1 };
  })();
  const reply = await ndjsonReply(source, options({ warning: "w" }));
  expect(reply.headers.get("content-type")).toBe("application/x-ndjson");
  expect(reply.headers.get("warning")).toBe("w");
  expect(await reply.text()).toBe('{"a":"\\u003c"}\n{"b":1}\n');
  expect(await streamEnd(reply)).toBe("complete");
});

test("a source without lines is an empty reply", async () => {
  const reply = await ndjsonReply((async function* () {})(), options());
  expect(await reply.text()).toBe("");
});

describe("failures", () => {
  test("before the first line: thrown, and the source is released", async () => {
    let released = false;
    const source = {
      // biome-ignore lint/correctness/useYield: it fails before it could
      async *[Symbol.asyncIterator]() {
        throw badRequest("no");
      },
      async [Symbol.asyncDispose]() {
        released = true;
      },
    };
    await expect(ndjsonReply(source, options())).rejects.toThrow("no");
    expect(released).toBe(true);
  });

  test("after it: the last line says so", async () => {
    const failure = new AppError("engine", "out of memory");
    const source = (async function* () {
      yield { a: 1 };
      throw failure;
    })();
    const reply = await ndjsonReply(source, options());
    expect(await reply.text()).toBe('{"a":1}\n{"error":"out of memory"}\n');
    expect(await streamEnd(reply)).toBe(failure);
  });

  test("an unforeseen one keeps its text to itself", async () => {
    const source = (async function* () {
      yield { a: 1 };
      throw new TypeError("/etc/secret");
    })();
    expect(await (await ndjsonReply(source, options())).text()).toBe(
      '{"a":1}\n{"error":"internal server error"}\n',
    );
  });
});

test("the source is never ahead of the reader by more than one line", async () => {
  let made = 0;
  const source = (async function* () {
    for (;;) yield { n: made++ };
  })();
  const reply = await ndjsonReply(source, options());
  const reader = reply.body!.getReader();
  for (let read = 1; read <= 5; read++) {
    await reader.read();
    expect(made).toBeLessThanOrEqual(read + 1);
  }
  await reader.cancel();
});

describe("a client that leaves", () => {
  test("by cancelling: the work's signal fires, the source is released", async () => {
    const { abort, headers } = options();
    let released = false;
    const source = (async function* () {
      try {
        for (;;) yield { a: 1 };
      } finally {
        released = true;
      }
    })();
    const reply = await ndjsonReply(source, { abort, headers });
    const reader = reply.body!.getReader();
    await reader.read();
    await reader.cancel();
    expect(abort.signal.aborted).toBe(true);
    expect(released).toBe(true);
    expect(await streamEnd(reply)).toBe("cancelled");
  });

  test("while a line is awaited: it is told, and gets no error line", async () => {
    const connection = new AbortController();
    const abort = abortedWith(connection.signal);
    const source = (async function* () {
      yield { a: 1 };
      const { promise, reject } = Promise.withResolvers<never>();
      const leave = () => reject(abort.signal.reason);
      // The client may have left before this line was asked for.
      if (abort.signal.aborted) leave();
      else abort.signal.addEventListener("abort", leave);
      await promise;
    })();
    const reply = await ndjsonReply(source, { abort, headers: () => ({}) });
    const reader = reply.body!.getReader();
    await reader.read();
    const next = reader.read();
    connection.abort();
    expect((await errorOf(next)).message).toBe("request canceled");
    expect(await streamEnd(reply)).toBe("cancelled");
  });

  test("before anything has begun", () => {
    const connection = new AbortController();
    connection.abort();
    expect(abortedWith(connection.signal).signal.aborted).toBe(true);
  });
});
