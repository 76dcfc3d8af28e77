import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { branchesOf, forksOf, weighFork } from "../../../../../native/runner/decision/option-tree.ts";

/** A language model: what follows tokens, as logarithms of probabilities. */
type Model = (before: readonly number[]) => (token: number) => number;

const even: Model = () => () => Math.log(1 / 8);

/** Weights as the runner gets them, fork by fork. */
function weightsOf(options: readonly (readonly number[])[], model: Model): number[] {
  const weights = options.map(() => 0);
  for (const fork of forksOf(options)) weighFork(fork, model(fork.path), weights);
  return weights;
}

const sumOf = (weights: readonly number[]): number =>
  weights.reduce((total, weight) => total + Math.exp(weight), 0);

describe("where answers part", () => {
  test("only their first tokens count where those differ, however long the answers are", () => {
    const options = [[1, 2, 3, 4], [5], [6, 2]];
    expect(forksOf(options)).toEqual([
      { path: [], next: new Map([1, 5, 6].map((token, at) => [token, [at]])), ended: [] },
    ]);
    expect(branchesOf(forksOf(options))).toEqual([]);
  });

  test("what all begin with is no choice", () => {
    const [fork] = forksOf([
      [1, 2, 3],
      [1, 2, 4],
    ]);
    expect(fork).toEqual({
      path: [1, 2],
      next: new Map([3, 4].map((token, at) => [token, [at]])),
      ended: [],
    });
  });

  test("one branch leads to all forks that are on the way to the last", () => {
    const forks = forksOf([[1], [1, 2], [1, 2, 3], [4, 5], [4, 6], [7]]);
    expect(forks.map(({ path, ended }) => ({ path, ended }))).toEqual([
      { path: [], ended: [] },
      { path: [1], ended: [0] },
      { path: [1, 2], ended: [1] },
      { path: [4], ended: [] },
    ]);
    expect(branchesOf(forks).map(({ path, forks: here }) => [path, here.length])).toEqual([
      [[1, 2], 2],
      [[4], 1],
    ]);
  });

  test("answers of the same tokens have the same weight", () => {
    const [first, second, third] = weightsOf([[1, 2], [1, 2], [3]], even);
    expect(first).toBe(second!);
    expect(first).toBe(third!);
  });
});

describe("weights", () => {
  test("an answer that goes on with more than another has what follows of it", () => {
    const model: Model = (before) => (token) =>
      Math.log(before.length === 0 ? (token === 1 ? 0.6 : 0.2) : token === 2 ? 0.25 : 0.01);
    const [over, longer, other] = weightsOf([[1], [1, 2], [3]], model).map(Math.exp);
    expect(over).toBeCloseTo(0.75 * 0.75, 12);
    expect(longer).toBeCloseTo(0.75 * 0.25, 12);
    expect(other).toBeCloseTo(0.25, 12);
  });

  test("improbable answers are compared all the same", () => {
    const weights = weightsOf([[1], [2]], () => (token) => -1000 - token);
    expect(weights[0]! - weights[1]!).toBeCloseTo(1, 9);
  });

  test("are a distribution over different answers, whatever they are, and each fork is on one branch", () => {
    const token = fc.integer({ min: 0, max: 4 });
    const answer = fc.array(token, { minLength: 1, maxLength: 6 });
    const answers = fc.uniqueArray(answer, { minLength: 2, maxLength: 12, selector: (each) => each.join() });
    fc.assert(
      fc.property(answers, fc.integer(), (options, salt) => {
        const model: Model = (before) => (next) =>
          Math.log(0.19 / (1 + Math.abs(Math.sin(salt + next + before.length * 7))));
        expect(sumOf(weightsOf(options, model))).toBeCloseTo(1, 9);
        const forks = forksOf(options);
        const behind = forks.filter(({ path }) => path.length > 0);
        const onBranches = branchesOf(forks).flatMap((branch) => branch.forks);
        expect(new Set(onBranches)).toEqual(new Set(behind));
        expect(onBranches.length).toBe(behind.length);
      }),
    );
  });

  test("a thousand tokens that two answers begin with are one branch", () => {
    const shared = Array.from({ length: 20_000 }, (_, at) => at);
    const [branch] = branchesOf(
      forksOf([
        [...shared, 1],
        [...shared, 2],
      ]),
    );
    expect(branch!.path.length).toBe(20_000);
  });
});
