import { expect, test } from "bun:test";
import { readStreamed } from "../../bench/peer/streamed.ts";

const stream = (...chunks: string[]) => readStreamed(new Response(chunks.join("")).body!, Bun.nanoseconds());

test("NDJSON: pieces of text are told, the last line is none", async () => {
  const { text, times, tokens, firstMs } = await stream(
    '{"response":"Once"}\n{"response":" upon","done":false}\n',
    '{"response":"","done":true,"eval_count":3}\n',
  );
  expect({ text, pieces: times.length, tokens }).toEqual({ text: "Once upon", pieces: 2, tokens: 3 });
  expect(firstMs).toBe(times[0]!);
});

test("events: comments, roles and the end are no pieces; a tool call is one", async () => {
  const { text, times } = await stream(
    ': waiting\n\ndata: {"choices":[{"delta":{"role":"assistant","content":""}}]}\n\n',
    'data: {"choices":[{"delta":{"content":"Hm"}}]}\n\ndata: {"choices":[{"delta":{"tool_calls":[1]}}]}\n\n',
    'data: {"choices":[{"delta":{}}]}\n\ndata: [DONE]\n\n',
  );
  expect({ text, pieces: times.length }).toEqual({ text: "Hm[1]", pieces: 2 });
});

test("a line that comes in parts is one, and an error ends it", async () => {
  async function* parts() {
    for (const part of ['{"message":{"con', 'tent":"', 'é"}}\n']) yield new TextEncoder().encode(part);
  }
  expect((await readStreamed(parts(), 0)).text).toBe("é");
  await expect(stream('{"error":"out of memory"}\n')).rejects.toThrow("out of memory");
});

test("an answer without a piece has its end for the first", async () => {
  const { times, firstMs } = await stream('{"response":"","done":true}\n');
  expect(times).toEqual([]);
  expect(firstMs).toBeGreaterThanOrEqual(0);
});
