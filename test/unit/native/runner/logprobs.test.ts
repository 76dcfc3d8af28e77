import { expect, test } from "bun:test";
import { scoreTokens } from "../../../../native/runner/logprobs.ts";

test("probabilities of all tokens sum to one", () => {
  const logits = Float32Array.from({ length: 20 }, (_, i) => Math.sin(i) * 8 + 300);
  const { top } = scoreTokens(logits, 3, 20);
  expect(top.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0)).toBeCloseTo(1, 6);
});

test("the most likely come first, and the sampled one has its own score", () => {
  const { sampled, top } = scoreTokens(Float32Array.of(0, Math.log(2), Math.log(5)), 0, 2);
  expect(top.map(({ token }) => token)).toEqual([2, 1]);
  expect(sampled).toEqual({ token: 0, logprob: expect.closeTo(Math.log(1 / 8), 6) });
  expect(top[0]!.logprob).toBeCloseTo(Math.log(5 / 8), 6);
});

test("no alternatives unless asked for", () => {
  expect(scoreTokens(Float32Array.of(1, 2), 0, 0).top).toEqual([]);
});
