import { expect, test } from "bun:test";
import { GiveWay } from "../../../../native/runner/give-way.ts";

const CAPACITY = 512;
/** What a step with one token of an answer takes here. Milliseconds. */
const PLAIN = 10;
/** How long batches wait for a request that is likely to come. */
const WAIT_MS = 20;

const interactive = { name: "interactive", job: { request: {} } };
const batch = { name: "batch", job: { request: { batch: true } } };
const decision = { name: "decision", job: undefined };

type Worker = { name: string; job: { request: { batch?: boolean } } | undefined };

/** Steps on a clock of their own, where a token of an answer takes 10 ms and each of a batch's prompt as much as is said. */
function stage({
  promptMs = () => 0,
  plain = PLAIN,
}: {
  promptMs?: () => number;
  plain?: number | undefined;
} = {}) {
  let now = 1000;
  const giveWay = new GiveWay(CAPACITY, { plain }, () => now);
  /** @returns who had the step, and how much of prompts. */
  const step = (workers: readonly Worker[], idle: readonly Worker[] = []) => {
    const had: { names: string[]; chunk: number }[] = [];
    giveWay.step(workers, ({ workers: mine, chunk }) => {
      if (mine.every((worker) => idle.includes(worker))) return undefined;
      had.push({ names: mine.map(({ name }) => name), chunk });
      const prompt = mine.includes(batch) && promptMs() > 0 ? chunk : 0;
      now += PLAIN + prompt * promptMs();
      return 1 + prompt;
    });
    return had[0] ?? { names: [], chunk: 0 };
  };
  const wait = (ms: number): void => {
    now += ms;
  };
  /** Steps of the batch once it need not wait any more. @returns how much of prompts each had. */
  const chunks = (count: number): number[] => {
    step([batch]);
    wait(WAIT_MS);
    return times(count, () => step([batch]).chunk);
  };
  return { step, chunks, giveWay, wait };
}

const times = <T>(count: number, what: () => T): T[] => Array.from({ length: count }, what);

test("batches alone have every step, and all of it", () => {
  const { step } = stage();
  expect(times(20, () => step([batch]))).toEqual(times(20, () => ({ names: ["batch"], chunk: CAPACITY })));
});

test("nobody gives way where all are interactive", () => {
  const { step } = stage();
  const both = times(20, () => step([interactive, decision]).names);
  expect(both).toEqual(times(20, () => ["interactive", "decision"]));
});

test("no step of batches comes between a request and its first token after one of theirs", () => {
  const { step, wait } = stage({ promptMs: () => 4 });
  step([interactive]);
  for (let round = 0; round < 50; round++) {
    step([batch]);
    wait(WAIT_MS);
    step([batch]);
    expect(times(3, () => step([interactive, batch]).names)).toEqual(times(3, () => ["interactive"]));
  }
});

test("beside an interactive request batches have an eighth of its time, and never more in a row than a step", () => {
  const { step } = stage();
  step([batch]);
  const names = times(900, () => step([interactive, batch]).names[0]);
  expect(names.filter((name) => name === "batch")).toHaveLength(100);
  expect(names.join(" ")).not.toContain("batch batch");
});

test("a step that took long is paid for with a longer pause", () => {
  const { step } = stage({ promptMs: () => 10, plain: undefined });
  step([interactive, batch]);
  const names = times(200, () => step([interactive, batch]).names[0]);
  // Four tokens and a token's time: 50 ms, so 400 for the others, 40 steps.
  expect(names.indexOf("batch")).toBe(40);
});

test("a decision counts as interactive", () => {
  const { step } = stage();
  step([batch]);
  expect(times(8, () => step([decision, batch]).names[0])).toEqual(times(8, () => "decision"));
});

test("those whose turn it is and who have nothing to do leave it to the others", () => {
  const { step } = stage();
  step([batch]);
  expect(step([interactive, batch], [interactive]).names).toEqual(["batch"]);
  expect(step([interactive, batch], [interactive, batch]).names).toEqual([]);
  times(8, () => step([interactive, batch]));
  expect(step([interactive, batch], [batch]).names).toEqual(["interactive"]);
});

test("a client that has its answer may come back: batches wait a moment for it, and it has the next step", () => {
  const { step, giveWay, wait } = stage();
  step([interactive, batch]);
  expect(step([batch]).names).toEqual([]);
  expect(giveWay.held).toBe(WAIT_MS);
  wait(12);
  expect(step([batch]).names).toEqual([]);
  giveWay.arrived();
  expect(step([interactive, batch]).names).toEqual(["interactive"]);
});

test("nobody comes: they go on", () => {
  const { step, wait } = stage();
  step([interactive, batch]);
  step([batch]);
  wait(WAIT_MS);
  expect(times(3, () => step([batch]).names)).toEqual(times(3, () => ["batch"]));
});

test("a text that was tokenised is waited for, and whatever comes ends that", () => {
  const { step, chunks, giveWay } = stage();
  step([interactive]);
  chunks(1);
  giveWay.expect();
  expect(step([batch]).names).toEqual([]);
  giveWay.arrived();
  expect(step([batch]).names).toEqual(["batch"]);
});

test("those who only count tokens cannot hold batches up: between two waits there is a step", () => {
  const { step, chunks, giveWay, wait } = stage();
  step([interactive]);
  chunks(1);
  const names = times(200, () => {
    giveWay.expect();
    wait(1);
    return step([batch]).names.length;
  });
  expect(names.filter((count) => count > 0).length).toBeWithin(9, 12);
});

test("batches that have met no interactive request wait for nobody", () => {
  const { step, giveWay } = stage();
  step([batch]);
  giveWay.expect();
  expect(step([batch]).names).toEqual(["batch"]);
});

test.each([
  ["slow", 3],
  ["usual", 1],
  ["fast", 0.05],
])(
  "while interactive requests come and go, %s prompts are evaluated for four tokens of an answer",
  (_, promptMs) => {
    const { step, wait } = stage({ promptMs: () => promptMs });
    for (let request = 0; request < 10; request++) {
      step([interactive]);
      step([batch]);
      wait(WAIT_MS);
      const { chunk } = step([batch]);
      expect(chunk).toBeGreaterThanOrEqual(4);
      expect(PLAIN + chunk * promptMs).toBeLessThanOrEqual(4 * PLAIN + 4 * promptMs);
    }
  },
);

test("the longer an interactive request stays away, the longer their steps, up to all that a step holds", () => {
  const { step, chunks, wait } = stage({ promptMs: () => 1 });
  step([interactive]);
  expect(chunks(5).at(-1)).toBeWithin(8, 20);
  wait(2000);
  expect(chunks(5).at(-1)).toBeWithin(90, 130);
  wait(18_000);
  expect(chunks(5).at(-1)).toBe(CAPACITY);
});

test("what comes back finds short steps again", () => {
  const { step, chunks, wait } = stage({ promptMs: () => 1 });
  step([interactive]);
  wait(60_000);
  chunks(5);
  step([interactive]);
  expect(chunks(2).at(-1)).toBeLessThanOrEqual(20);
});

test("where not even a token of each goes into a step, those that have waited longest have it", () => {
  const second = { ...batch, name: "second" };
  const { step, chunks } = stage({ promptMs: () => 7 });
  step([interactive]);
  chunks(2);
  // Four tokens of a prompt took 38 ms with an answer's, so two go into the 20 of two tokens of an answer.
  const third = { ...batch, name: "third" };
  expect(step([batch, second, third]).names).toEqual(["batch", "second"]);
  // One that waits for its picture leaves it to the others.
  expect(step([second, batch, third], [second, batch]).names).toEqual(["second", "batch", "third"]);
});
