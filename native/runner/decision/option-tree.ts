import type { Scores } from "./evaluator.ts";

/** A place where answers part. */
export interface Fork {
  /** The tokens that all of them begin with. */
  path: readonly number[];
  /** Token by which some go on → those answers, by their places. */
  next: ReadonlyMap<number, readonly number[]>;
  /** Answers that end here. */
  ended: readonly number[];
}

/**
 * The places where answers part, seen as a tree of tokens. A token that only one answer can have needs no weighing, however long that
 * answer is.
 */
export function forksOf(options: readonly (readonly number[])[]): Fork[] {
  const forks: Fork[] = [];
  /** @param answers two or more that begin with the same `shared` tokens. */
  const descend = (answers: readonly number[], shared: number) => {
    let [length, groups] = [shared, groupsAt(options, answers, shared)];
    while (groups.size === 1 && !groups.has(undefined)) groups = groupsAt(options, answers, ++length);
    const ended = groups.get(undefined) ?? [];
    groups.delete(undefined);
    if (groups.size === 0) return;
    forks.push({ path: options[answers[0]!]!.slice(0, length), next: groups as Fork["next"], ended });
    for (const those of groups.values()) if (those.length > 1) descend(those, length + 1);
  };
  const all = options.map((_, at) => at);
  if (all.length > 1) descend(all, 0);
  return forks;
}

/** Answers by the token at a place; undefined for those that are over there. */
const groupsAt = (options: readonly (readonly number[])[], answers: readonly number[], place: number) =>
  Map.groupBy(answers, (at) => options[at]![place]);

/** Tokens behind a question that lead to forks. */
export interface Branch {
  path: readonly number[];
  /** The forks on the way, and at its end. */
  forks: readonly Fork[];
}

/** The fewest branches that lead to every fork which is not right behind the question; each fork is on one of them. */
export function branchesOf(forks: readonly Fork[]): Branch[] {
  const left = new Set(forks.filter(({ path }) => path.length > 0));
  const isOnWay = (fork: Fork): boolean =>
    [...left].some(({ path }) => path.length > fork.path.length && isFront(fork.path, path));
  const ends = [...left].filter((fork) => !isOnWay(fork));
  return ends.map(({ path }) => {
    const here = [...left].filter((fork) => isFront(fork.path, path));
    for (const fork of here) left.delete(fork);
    return { path, forks: here };
  });
}

const isFront = (path: readonly number[], other: readonly number[]): boolean =>
  path.length <= other.length && path.every((token, at) => token === other[at]);

/** The least probability that an answer ends, where the probabilities of the tokens with which others go on sum up to 1 or more. */
const LEAST = Number.EPSILON;

/**
 * Adds to each answer's weight the logarithm of its share at a fork: the probability of its token, relative to that of all tokens with
 * which answers go on there. For an answer that ends there, every other token counts as its end.
 */
export function weighFork({ next, ended }: Fork, scores: Scores, weights: number[]): void {
  const shares = [...next].map(([token, answers]) => ({ answers, log: scores(token) }));
  const sum = shares.reduce((total, { log }) => total + Math.exp(log), 0);
  const rest = Math.max(1 - sum, LEAST);
  const whole = ended.length > 0 ? Math.log(sum + rest) : logOfSum(shares.map(({ log }) => log));
  for (const { answers, log } of shares) for (const at of answers) weights[at]! += log - whole;
  for (const at of ended) weights[at]! += Math.log(rest) - whole;
}

/** log(Σ exp(x)), also where every exp(x) is too small for a number. */
function logOfSum(logs: readonly number[]): number {
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((total, log) => total + Math.exp(log - most), 0));
}
