import { describe, expect, test } from "bun:test";
import { answerChunks, type ChunkLayout, wholeAnswer } from "../../../../src/api/ollama/chunks.ts";
import type { Answer } from "../../../../src/inference/answer.ts";
import type { GenerateEvent, Usage } from "../../../../src/intent/generate.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const usage: Usage = {
  totalDuration: 7,
  loadDuration: 0,
  promptTokens: 3,
  cachedTokens: 2,
  promptDuration: 0,
  generatedTokens: 4,
  generateDuration: 0,
};

const events: GenerateEvent[] = [
  { type: "thinking", text: "hm" },
  { type: "thinking", text: "m" },
  { type: "text", text: "yes" },
  { type: "tool_call", call: { id: "call_1", name: "f", arguments: { b: 1, a: 2 } } },
  { type: "tool_call", call: { name: "g", arguments: {} } },
  { type: "done", reason: "stop", usage, context: [1, 2] },
];

function answer(given: GenerateEvent[] = events) {
  const state = { disposed: 0 };
  const made: Answer = {
    notices: [{ code: "truncated", message: "cut" }],
    immediate: false,
    events: (async function* () {
      yield* given;
    })(),
    async [Symbol.asyncDispose]() {
      state.disposed++;
    },
  };
  return { made, state };
}

/** Everything in one place, to see what a chunk is made of. */
const layout: ChunkLayout<object> = ({ head, part, end, context, metrics, tail }) => ({
  ...head,
  text: part.text,
  thinking: part.thinking,
  toolCalls: part.toolCalls,
  ...end,
  ...(context && { context }),
  ...metrics,
  ...tail,
});
const frame = { model: "m", clock: new FakeClock(0), layout };
const created_at = "1970-01-01T00:00:00Z";
const calls = [
  { id: "call_1", function: { index: 0, name: "f", arguments: { b: 1, a: 2 } } },
  { function: { index: 1, name: "g", arguments: {} } },
];
const metrics = { total_duration: 7, prompt_eval_count: 3, prompt_eval_cached_count: 2, eval_count: 4 };
const ending = { done: true, done_reason: "stop", context: [1, 2], ...metrics, truncated: true };

test("a chunk an event; calls are counted through the answer", async () => {
  const { made, state } = answer();
  const base = { model: "m", created_at, text: "", thinking: "", toolCalls: [], done: false };
  expect(await Array.fromAsync(answerChunks(made, frame))).toEqual([
    { ...base, thinking: "hm" },
    { ...base, thinking: "m" },
    { ...base, text: "yes" },
    { ...base, toolCalls: [calls[0]] },
    { ...base, toolCalls: [calls[1]] },
    { ...base, ...ending },
  ]);
  expect(state.disposed).toBe(1);
});

test("the whole answer has everything joined", async () => {
  const { made, state } = answer();
  expect(await wholeAnswer(made, frame)).toEqual({
    model: "m",
    created_at,
    text: "yes",
    thinking: "hmm",
    toolCalls: calls,
    ...ending,
  });
  expect(state.disposed).toBe(1);
});

describe("the slot is given back", () => {
  test("when the client leaves in the middle", async () => {
    const { made, state } = answer();
    const chunks = answerChunks(made, frame);
    await chunks.next();
    await chunks.return(undefined);
    expect(state.disposed).toBe(1);
  });

  test("when the engine fails", async () => {
    const { made, state } = answer();
    const failing: Answer = {
      ...made,
      // biome-ignore lint/correctness/useYield: it fails before it could
      events: (async function* () {
        throw new Error("gone");
      })(),
    };
    await expect(wholeAnswer(failing, frame)).rejects.toThrow("gone");
    expect(state.disposed).toBe(1);
  });
});
