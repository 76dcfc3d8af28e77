import { expect, test } from "bun:test";
import { mapYields } from "../../../src/lib/map-yields.ts";

function numbers(onEnd: () => void): AsyncGenerator<number, string, undefined> {
  return (async function* () {
    try {
      yield 1;
      yield 2;
      return "end";
    } finally {
      onEnd();
    }
  })();
}

test("yields are mapped, the return value is handed on", async () => {
  const mapped = mapYields(
    numbers(() => {}),
    (n) => n * 10,
  );
  expect([await mapped.next(), await mapped.next(), await mapped.next()]).toEqual([
    { done: false, value: 10 },
    { done: false, value: 20 },
    { done: true, value: "end" },
  ]);
});

test("leaving ends the source", async () => {
  let ended = 0;
  for await (const value of mapYields(
    numbers(() => ended++),
    String,
  )) {
    expect(value).toBe("1");
    break;
  }
  expect(ended).toBe(1);
});
