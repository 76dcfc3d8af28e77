import { median } from "../median.ts";
import { MOST_FOREIGN } from "./foreign-load.ts";

export type Unit = "ms" | "tokens/s" | "requests/s";

/** A scenario measured on both servers, one right after the other. */
export interface Pair {
  ours: number;
  theirs: number;
  /** The greater share of the machine, 0 to 1, that something else took meanwhile. */
  foreign: number;
}

/** All that was measured of a scenario, as it is kept in a file. */
export interface Samples {
  scenario: string;
  unit: Unit;
  pairs: readonly Pair[];
}

/** What a scenario came to. */
export interface Row {
  scenario: string;
  unit: Unit;
  ours: number;
  theirs: number;
  /** The median of the pairs' ratios; above one, llamero is ahead whatever the unit. */
  ratio: number;
  /** Pairs that count. */
  pairs: number;
  /** Pairs that were measured beside foreign load, and do not count. */
  rejected: number;
}

export const counts = ({ foreign }: Pair): boolean => foreign <= MOST_FOREIGN;

/** How many times as fast as the peer llamero was in one pair. */
const ratioOf = ({ ours, theirs }: Pair, unit: Unit): number =>
  unit === "ms" ? theirs / ours : ours / theirs;

/** Who is measured first: they take turns, because whoever follows a heavy one has the worse of it. */
export const order = <Server>(pair: number, [ours, theirs]: readonly [Server, Server]): Server[] =>
  pair % 2 === 0 ? [ours, theirs] : [theirs, ours];

/** @returns undefined when no pair counts. */
export function rowOf({ scenario, unit, pairs }: Samples): Row | undefined {
  const good = pairs.filter(counts);
  if (good.length === 0) return undefined;
  return {
    scenario,
    unit,
    ours: median(good.map(({ ours }) => ours)),
    theirs: median(good.map(({ theirs }) => theirs)),
    ratio: median(good.map((pair) => ratioOf(pair, unit))),
    pairs: good.length,
    rejected: pairs.length - good.length,
  };
}
