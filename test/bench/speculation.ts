/**
 * What guessing is worth: the same answer with guesses and without (`draft_num_predict` 0), in turns, from one loaded model. A ratio
 * above one means that guesses make it faster. `bun run bench --only lookup,draft`.
 */
import { smollm2 } from "../support/models.ts";
import { qwenCoder, qwenCoderDraft } from "../support/qwen-coder.ts";
import { GREEDY, TestRunner } from "../support/real-runner.ts";
import { median } from "./median.ts";

const PAIRS = 5;
/** What the project has set itself: where the text repeats itself, and everywhere else. */
const WANTED = { repeats: 1.5, other: 0.97 };

const FILE = `export function total(items) {
  let sum = 0;
  for (const item of items) {
    sum += item.price * item.count;
  }
  return sum;
}

export function average(items) {
  if (items.length === 0) return 0;
  return total(items) / items.length;
}

export function cheapest(items) {
  let found = items[0];
  for (const item of items) {
    if (item.price < found.price) found = item;
  }
  return found;
}
`;
const STORY =
  "A llama lived on a mountain with her herd. One day a storm came and the herd was lost. She walked for three days and found them by a river.";

/** Tokens of an answer, and its questions; several are asked one after the other and count together. */
interface Task {
  name: string;
  prompts: string[];
  tokens: number;
  wanted: number;
}

const task = (name: string, prompts: string[], tokens: number, wanted = WANTED.other): Task => ({
  name,
  prompts,
  tokens,
  wanted,
});

const EDIT = task(
  "edit",
  [`Rename the function average to mean and give back the whole file:\n${FILE}`],
  160,
  1.5,
);
const QUESTIONS = ["Portugal", "Norway", "Peru", "Kenya", "Japan", "Canada"].map(
  (country) => `What is ${country} known for? Answer in two sentences.`,
);

const LOOKUP_TASKS = [
  task("quote", [`Quote the first two sentences of this text, then say what it is about: ${STORY}`], 80),
  task("story", ["Tell me a story about a llama who climbs a mountain."], 160),
  task("list", ["List twenty animals with one sentence about each."], 160),
  task("questions", QUESTIONS, 48),
];
const DRAFT_TASKS = [
  EDIT,
  task(
    "code",
    ["Write a TypeScript class for a binary search tree with insert, remove and find. Only code."],
    160,
  ),
  task("plain", ["Explain in three paragraphs why the sky is blue and sunsets are red."], 160),
];

const chat = (text: string): string => `<|im_start|>user\n${text}<|im_end|>\n<|im_start|>assistant\n`;

interface Taken {
  ms: number;
  drafted: number;
  accepted: number;
}

/** The answers to a task's prompts; the time is that of generating, without the prompts'. */
async function answer(runner: TestRunner, { prompts, tokens }: Task, guesses: boolean): Promise<Taken> {
  const taken = { ms: 0, drafted: 0, accepted: 0 };
  for (const prompt of prompts) {
    const options = { ...GREEDY, numPredict: tokens, draftNumPredict: guesses ? -1 : 0 };
    const { end } = await runner.generate(await runner.tokenize(chat(prompt)), options);
    if (end.type !== "done") throw new Error(end.message);
    taken.ms += end.generateDuration / 1e6;
    taken.drafted += end.speculation?.drafted ?? 0;
    taken.accepted += end.speculation?.accepted ?? 0;
  }
  return taken;
}

async function measure(runner: TestRunner, each: Task): Promise<void> {
  const ratios: number[] = [];
  let guessed: Taken = await answer(runner, each, true);
  for (let pair = 0; pair < PAIRS; pair++) {
    // Whoever comes second has the warmer machine, so they take turns.
    const order = pair % 2 === 0 ? [true, false] : [false, true];
    const ms = { with: 0, without: 0 };
    for (const guesses of order) {
      const taken = await answer(runner, each, guesses);
      if (guesses) guessed = taken;
      ms[guesses ? "with" : "without"] = taken.ms;
    }
    ratios.push(ms.without / ms.with);
  }
  const { drafted, accepted } = guessed;
  const ratio = median(ratios).toFixed(2);
  const all = ratios.map((one) => one.toFixed(2)).join(" ");
  console.log(
    `${each.name.padEnd(10)} ${ratio} ×  (wanted ${each.wanted}; ${all}; ${accepted} of ${drafted} guesses right)`,
  );
}

/** Guesses copied from the text, with SmolLM2; the edit with a model that repeats a file as it is told to. */
export async function benchLookup(): Promise<void> {
  console.log("\nguesses from the text, Qwen2.5-Coder 1.5B");
  await using coder = new TestRunner({ modelPath: await qwenCoder(), contextLength: 2048 });
  await measure(coder, EDIT);
  console.log("\nguesses from the text, SmolLM2 135M");
  await using runner = new TestRunner({ modelPath: await smollm2(), contextLength: 2048 });
  for (const each of LOOKUP_TASKS) await measure(runner, each);
}

/** Guesses of a draft model as well. */
export async function benchDraft(): Promise<void> {
  console.log("\nguesses of a draft model, Qwen2.5-Coder 1.5B with 0.5B");
  const draft = { path: await qwenCoderDraft(), contextLength: 2048, batchSize: 64 };
  await using runner = new TestRunner({ modelPath: await qwenCoder(), contextLength: 2048, draft });
  for (const each of DRAFT_TASKS) await measure(runner, each);
}
