import { afterEach, beforeEach, expect, spyOn, test } from "bun:test";
import { AnswerLog } from "../../../../native/runner/answer-log.ts";
import type { FromRunner } from "../../../../src/engine/protocol.ts";

let printed: ReturnType<typeof spyOn<typeof console, "error">>;
beforeEach(() => {
  printed = spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => printed.mockRestore());

const ENDS: [FromRunner, string][] = [
  [
    { type: "embeddings", id: 1, vectors: [], lengths: [3, 4] },
    "request proxy-42: 2 texts evaluated, 7 tokens",
  ],
  [
    { type: "decided", id: 1, logprobs: [[-1], [-2]], promptTokens: 40, cachedTokens: 8 },
    "request proxy-42: 2 questions decided, 40 prompt tokens, 8 cached",
  ],
  [{ type: "error", id: 1, kind: "cancelled", message: "gone" }, "request proxy-42: left off (cancelled)"],
];

test.each(ENDS)("an end is printed once, under the request's name: %j", (message, line) => {
  const log = new AnswerLog();
  log.begun({ id: 1, requestId: "proxy-42" });
  log.told({ type: "text", items: [] });
  log.told(message);
  log.told(message);
  expect(printed.mock.calls).toEqual([[line]]);
});

test("a request without a name is not printed", () => {
  const log = new AnswerLog();
  log.begun({ id: 1 });
  log.told({ type: "embeddings", id: 1, vectors: [], lengths: [3] });
  expect(printed).not.toHaveBeenCalled();
});
