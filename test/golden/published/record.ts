/**
 * Records what llama.cpp answers of itself over the models of test/support/published in its own layout:
 * `bun test/golden/published/record.ts`. Greedy, on one thread. An answer is cut before the first choice that is close, which another
 * CPU might make another way.
 */
import { pairFiles } from "../../support/published/files.ts";
import { TEXT_PAIRS } from "../../support/published/pairs.ts";
import { TestRunner } from "../../support/real-runner.ts";

const PROMPT = "Hi, hello world";
const MOST_TOKENS = 8;
/** Least difference of the two best log-probabilities. */
const LEAST_MARGIN = 0.05;

async function answerOf(name: string, count: number) {
  const { native } = await pairFiles(name);
  await using runner = new TestRunner({ modelPath: native, contextLength: 256, threads: 1 });
  const prompt = await runner.tokenize(PROMPT);
  const answer = await runner.generate(prompt, { numPredict: count }, { logprobs: 2 });
  if (answer.end.type === "error") throw new Error(answer.end.message);
  const margins = answer.logprobs.map(({ top = [] }) => (top[0]?.logprob ?? 0) - (top[1]?.logprob ?? 0));
  const close = margins.findIndex((margin) => !(margin >= LEAST_MARGIN));
  return { tokens: answer.end.tokens, text: answer.text, count: close < 0 ? count : close };
}

const answers: Record<string, { tokens: number[]; text: string }> = {};
for (const name of Object.keys(TEXT_PAIRS)) {
  const { count } = await answerOf(name, MOST_TOKENS);
  if (count === 0) throw new Error(`${name}: the first choice is close already`);
  const { tokens, text } = await answerOf(name, count);
  answers[name] = { tokens, text };
}
const golden = { recorded: "by test/golden/published/record.ts", prompt: PROMPT, answers };
await Bun.write(`${import.meta.dir}/published.golden.json`, `${JSON.stringify(golden, null, 1)}\n`);
