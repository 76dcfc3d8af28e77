import type { WeighedQuestion } from "../../../src/intent/decide.ts";
import type { Scores } from "./evaluator.ts";
import { type Branch, branchesOf, type Fork, forksOf, weighFork } from "./option-tree.ts";

/** A question whose answers are being weighed. */
export interface Weighing {
  readonly tokens: readonly number[];
  /** The fork right behind the question; undefined where all answers begin alike. */
  readonly first: Fork | undefined;
  readonly branches: readonly Branch[];
  /** The logarithm of each answer's probability among the answers, so far. */
  readonly weights: number[];
}

export function startWeighing({ tokens, options }: WeighedQuestion): Weighing {
  const forks = forksOf(options);
  return {
    tokens,
    first: forks.find(({ path }) => path.length === 0),
    branches: branchesOf(forks),
    weights: options.map(() => 0),
  };
}

/** Takes the scores behind the question. */
export function weighFirst({ first, weights }: Weighing, scores: Scores): void {
  if (first !== undefined) weighFork(first, scores, weights);
}

/** Behind which tokens of a branch scores are wanted, by their places. */
export const wantedIn = ({ forks }: Branch): number[] => forks.map(({ path }) => path.length - 1);

/** Takes the scores behind the token at this place of a branch. */
export function weighIn({ forks }: Branch, at: number, scores: Scores, weights: number[]): void {
  for (const fork of forks) if (fork.path.length - 1 === at) weighFork(fork, scores, weights);
}
