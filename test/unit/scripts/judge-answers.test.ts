import { expect, test } from "bun:test";
import { type Answer, judgeAnswers } from "../../../scripts/support/judge-answers.ts";

const tokens = Array.from({ length: 20 }, (_, at) => at);
const cpu: Answer = { tokens, tokensPerSecond: 10, bytes: 2 ** 21, gpuBytes: 0 };
const gpu: Answer = { ...cpu, tokensPerSecond: 100, gpuBytes: 2 ** 21 };

test("a GPU that says the same is well, and so is one that differs after a while", () => {
  expect(judgeAnswers(cpu, gpu, true)).toEqual({
    says: "20 of 20 greedy tokens are the CPU's, 100.0 tokens/s against the CPU's 10.0, 2 of 2 MiB on the GPU",
  });
  expect(judgeAnswers(cpu, { ...gpu, tokens: [...tokens.slice(0, 8), 99] }, true).problem).toBeUndefined();
});

test("one that says something else, or that did not compute, is not", () => {
  const problem = (answer: Answer | undefined, onGpu = true) => judgeAnswers(cpu, answer, onGpu).problem;
  expect(problem({ ...gpu, tokens: [0, 1, 2, 99] })).toBe("the GPU says something else than the CPU");
  expect(problem({ ...gpu, gpuBytes: 0 })).toBe("nothing of the model is on the GPU");
  expect(problem({ ...gpu, gpuBytes: 0 }, false)).toBeUndefined();
  expect(problem(undefined)).toBe("there is no answer");
  expect(judgeAnswers({ ...cpu, tokens: [] }, { ...gpu, tokens: [] }, true).problem).toBeDefined();
});
