import { expect, test } from "bun:test";
import { readNdjson } from "../../../src/client/ndjson.ts";

const bytes = new TextEncoder();

function streamOf(chunks: Uint8Array[], onCancel: () => void = () => {}): ReadableStream<Uint8Array> {
  const left = [...chunks];
  return new ReadableStream({
    pull(controller) {
      const next = left.shift();
      if (next === undefined) controller.close();
      else controller.enqueue(next);
    },
    cancel: onCancel,
  });
}

test("whatever the network cuts apart is put together again, half characters included", async () => {
  const whole = bytes.encode('{"a":"é👩‍💻"}\n\n{"a":"\\n"}\r\n{"a":3}');
  for (const size of [1, 2, 3, 5, 1000]) {
    const chunks = [];
    for (let at = 0; at < whole.length; at += size) chunks.push(whole.slice(at, at + size));
    expect(await Array.fromAsync(readNdjson(streamOf(chunks)))).toEqual([
      { a: "é👩‍💻" },
      { a: "\n" },
      { a: 3 },
    ]);
  }
});

test("a line comes out before the next chunk is there", async () => {
  const { promise: never } = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes.encode('{"a":1}\n{"a"')),
    pull: () => never,
  });
  const lines = readNdjson(body);
  expect(await lines.next()).toEqual({ value: { a: 1 }, done: false });
});

test("leaving the loop cancels the stream and frees it", async () => {
  let cancelled = false;
  const body = streamOf(
    [bytes.encode('{"a":1}\n'), bytes.encode('{"a":2}\n'), bytes.encode('{"a":3}\n')],
    () => {
      cancelled = true;
    },
  );
  for await (const line of readNdjson(body)) {
    expect(line).toEqual({ a: 1 });
    break;
  }
  expect(cancelled).toBe(true);
  expect(body.locked).toBe(false);
});

test("a line that is no JSON throws", async () => {
  expect(Array.fromAsync(readNdjson(streamOf([bytes.encode("oops\n")])))).rejects.toThrow(SyntaxError);
});
