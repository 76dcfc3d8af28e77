import { expect, test } from "bun:test";
import { readLines } from "../../../../src/engine/runner/lines.ts";

async function linesOf(...chunks: (string | Uint8Array)[]): Promise<string[]> {
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
      }
      controller.close();
    },
  });
  const lines: string[] = [];
  await readLines(stream, (line) => lines.push(line));
  return lines;
}

test.each<[string, string[], string[]]>([
  ["lines in one chunk", ["a\nb\n"], ["a", "b"]],
  ["a line over several chunks", ["a", "b", "c\nd\n"], ["abc", "d"]],
  ["a last line without an end", ["a\nb"], ["a", "b"]],
  ["carriage returns and empty lines", ["1%\r2%\r\n\nok\n"], ["1%", "2%", "ok"]],
  ["nothing", [], []],
])("%s", async (_, chunks, expected) => {
  expect(await linesOf(...chunks)).toEqual(expected);
});

test("a character that is cut by a chunk's end stays whole", async () => {
  const bytes = new TextEncoder().encode("é\n");
  expect(await linesOf(bytes.slice(0, 1), bytes.slice(1))).toEqual(["é"]);
});

test("a line without end comes in pieces", async () => {
  const lines = await linesOf(..."abc".split("").map((letter) => letter.repeat(10_000)));
  expect(lines.map(({ length }) => length)).toEqual([20_000, 10_000]);
});
