import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { DraftRow } from "../../../../../native/runner/speculation/draft-row.ts";
import type { Drafter } from "../../../../../native/runner/speculation/drafter.ts";
import { Drafting } from "../../../../../native/runner/speculation/drafting.ts";
import { Pace } from "../../../../../native/runner/speculation/pace.ts";
import { Speculation } from "../../../../../native/runner/speculation/speculation.ts";
import { StepCosts } from "../../../../../native/runner/speculation/step-costs.ts";

/** A draft that knows what comes next by a rule, and takes its time. */
class FakeDrafter implements Drafter {
  readonly batch = 64;
  held: number[] = [];
  /** Tokens that it has evaluated. */
  read = 0;
  ms = 0;
  isBroken = false;

  constructor(
    readonly room: number,
    private readonly next: (last: number) => number | undefined,
    private readonly cost = 30,
  ) {}

  cut(length: number): void {
    expect(length).toBeLessThanOrEqual(this.held.length);
    this.held.length = length;
  }

  feed(tokens: readonly number[]): boolean {
    expect(tokens.length).toBeLessThanOrEqual(this.batch);
    this.held.push(...tokens);
    expect(this.held.length).toBeLessThanOrEqual(this.room);
    this.read += tokens.length;
    this.ms += tokens.length * this.cost * 0.15;
    return !this.isBroken;
  }

  guess(tokens: readonly number[], most: number): number[] | undefined {
    if (!this.feed(tokens)) return undefined;
    const guess: number[] = [];
    while (guess.length < most) {
      this.ms += this.cost;
      const next = this.next(this.held.at(-1)!);
      if (next === undefined) break;
      guess.push(next);
      if (guess.length < most) this.held.push(next);
    }
    return guess;
  }
}

const run = (length: number, from = 0): number[] => Array.from({ length }, (_, i) => from + i);
const asText = (tokens: readonly number[]) => ({ cached: tokens.slice(0, -1), next: tokens.at(-1)! });
const counting = (last: number): number => last + 1;

describe("a draft's row", () => {
  test("is fed what it lacks, and no more: after a guess, a wrong one, and another conversation", () => {
    const drafter = new FakeDrafter(2048, counting);
    const row = new DraftRow(drafter);
    const guessAt = (tokens: readonly number[]) => {
      const lacks = row.align(asText(tokens), 4);
      return { lacks, guess: row.guess(asText(tokens), lacks, 4) };
    };
    expect(guessAt(run(10))).toEqual({ lacks: 10, guess: [10, 11, 12, 13] });
    // All were right, and another token came: it lacks the last that it guessed, and that one.
    expect(guessAt(run(15)).lacks).toBe(2);
    // Only one was right.
    expect(guessAt([...run(16), 99])).toEqual({ lacks: 1, guess: [100, 101, 102, 103] });
    expect(drafter.held).toEqual([...run(16), 99, 100, 101, 102]);
    expect(guessAt([0, 1, 2, 50]).lacks).toBe(1);
    expect(drafter.held.slice(0, 4)).toEqual([0, 1, 2, 50]);
  });

  test("begins near the end of a long text, and anew when its room is used up", () => {
    const drafter = new FakeDrafter(300, counting);
    const row = new DraftRow(drafter);
    const read = (tokens: readonly number[]) => {
      let lacks = row.align(asText(tokens), 8);
      while (lacks > 8) {
        row.read(asText(tokens), lacks);
        lacks = row.align(asText(tokens), 8);
      }
      return row.guess(asText(tokens), lacks, 8);
    };
    expect(read(run(1000))).toEqual(run(8, 1000));
    expect(drafter.held[0]).toBe(850);
    for (let length = 1001; length < 1400; length++) expect(read(run(length))).toEqual(run(8, length));
    expect(drafter.read).toBeLessThan(400 + 150 * 5);
  });

  test("whatever the texts, what it holds is the end of one of them", () => {
    const token = fc.integer({ min: 0, max: 3 });
    const texts = fc.array(fc.array(token, { minLength: 1, maxLength: 90 }), { maxLength: 12 });
    fc.assert(
      fc.property(texts, (all) => {
        const drafter = new FakeDrafter(40, (last) => (last + 1) % 4);
        const row = new DraftRow(drafter);
        for (const tokens of all) {
          const lacks = row.align(asText(tokens), 4);
          const guess = row.guess(asText(tokens), lacks, 4);
          const before = drafter.held.slice(0, drafter.held.length - guess.length + 1);
          expect(tokens.slice(-before.length)).toEqual(before);
        }
      }),
    );
  });

  test("begins anew where the draft could not evaluate", () => {
    const drafter = new FakeDrafter(2048, counting);
    const row = new DraftRow(drafter);
    drafter.isBroken = true;
    expect(row.guess(asText(run(5)), row.align(asText(run(5)), 4), 4)).toEqual([]);
    drafter.isBroken = false;
    expect(row.align(asText(run(5)), 4)).toBe(5);
  });
});

test("what a step costs is the median of what was seen, and no less than one of a token", () => {
  const costs = new StepCosts();
  for (const ms of [100, 100]) costs.observe(1, ms);
  expect(costs.plain).toBeUndefined();
  costs.observe(1, 100);
  for (const ms of [100, 5000, 90]) costs.observe(1, ms);
  expect(costs.plain).toBe(100);
  expect(costs.of(2, 100)).toBe(150);
  expect(costs.of(12, 100)).toBeCloseTo(200);
  costs.observe(5, 180);
  expect(costs.of(5, 100)).toBe(180);
  expect(costs.of(9, 100)).toBeCloseTo(200);
  costs.observe(3, 50);
  expect(costs.of(3, 100)).toBe(100);
});

/** Milliseconds of steps by their width, as measured with a model of 1.5 thousand million parameters on two cores. */
const stepMs = (width: number): number => (width === 1 ? 82 : 130 + width * 6);

/** An answer of the text 0, 1, 2, … @returns how many times as fast as without guesses. */
function answer(drafting: Drafting, drafter: FakeDrafter, costs: StepCosts, length: number): number {
  const speculation = new Speculation([], { pace: new Pace(), drafting });
  const tokens = [0];
  const before = drafter.ms;
  let ms = 0;
  while (tokens.length < length) {
    const guess = speculation.guess([], asText(tokens), length);
    const from = tokens.at(-1)! + 1;
    const wrong = guess?.tokens.findIndex((token, at) => token !== from + at) ?? -1;
    const right = wrong === -1 ? (guess?.tokens.length ?? 0) : wrong;
    const width = 1 + (guess?.tokens.length ?? 0);
    ms += stepMs(width);
    costs.observe(width, stepMs(width));
    tokens.push(...run(right + 1, from));
    if (guess !== undefined) speculation.learned(guess, right);
  }
  return (tokens.length * 82) / (ms + drafter.ms - before);
}

function pair(next: (last: number) => number | undefined) {
  const drafter = new FakeDrafter(2048, next);
  const costs = new StepCosts();
  return { drafter, costs, drafting: new Drafting(drafter, costs, () => drafter.ms) };
}

describe("drafting", () => {
  test("makes an answer faster that the draft knows", () => {
    const { drafter, costs, drafting } = pair(counting);
    expect(answer(drafting, drafter, costs, 200)).toBeGreaterThan(1.5);
  });

  test("stops where the draft is wrong, or never sure", () => {
    for (const next of [() => -1, () => undefined]) {
      const { drafter, costs, drafting } = pair(next);
      expect(answer(drafting, drafter, costs, 400)).toBeGreaterThan(0.97);
    }
  });

  test("is never much slower, however often the draft is right", () => {
    for (let share = 0; share <= 10; share++) {
      const { drafter, costs, drafting } = pair((last) => ((last * 7) % 10 < share ? last + 1 : -1));
      expect(answer(drafting, drafter, costs, 600)).toBeGreaterThan(0.97);
      expect(answer(drafting, drafter, costs, 600)).toBeGreaterThan(0.98);
    }
  });

  test("is tried again when an answer comes that the draft knows", () => {
    let knows = false;
    const { drafter, costs, drafting } = pair((last) => (knows ? last + 1 : undefined));
    for (let nth = 0; nth < 3; nth++) answer(drafting, drafter, costs, 200);
    knows = true;
    expect(answer(drafting, drafter, costs, 300)).toBeGreaterThan(1.2);
  });

  test("counts what was guessed by what guessed it", () => {
    const { drafter, costs, drafting } = pair(counting);
    for (let step = 0; step < 3; step++) costs.observe(1, 82);
    const speculation = new Speculation([], { pace: new Pace(), drafting });
    const guess = speculation.guess([], asText(run(3)), 4);
    speculation.learned(guess!, 2);
    expect(drafter.read).toBe(3);
    expect(speculation.counts).toEqual({ drafted: 4, accepted: 2, kind: "model" });
  });
});
