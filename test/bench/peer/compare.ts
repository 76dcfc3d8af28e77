import { median } from "../median.ts";
import { isQuiet, untilQuiet } from "./quiet.ts";
import type { Scenario } from "./scenarios.ts";
import type { BenchServer } from "./server.ts";

/** Samples that may be thrown away for one that counts, before a scenario is given up. */
const MOST_REJECTED = 2;

/** What a scenario came to. */
export interface Compared {
  scenario: Scenario;
  ours: number;
  theirs: number;
  /** Of the pairs, their median; above one, llamero is ahead whatever the unit. */
  ratio: number;
  pairs: number;
  /** Pairs that were measured beside foreign load, and do not count. */
  rejected: number;
}

/**
 * Measures a scenario on both servers, pair by pair, who goes first taking turns. A pair counts when the machine did nothing else right
 * before and right after it.
 *
 * @returns undefined when there was no quiet moment.
 */
export async function compare(
  scenario: Scenario,
  [ours, theirs]: readonly [BenchServer, BenchServer],
  pairs: number,
  salts: () => number,
): Promise<Compared | undefined> {
  const counted: [ours: number, theirs: number][] = [];
  let rejected = 0;
  for (let turn = 0; counted.length < pairs && rejected <= pairs * MOST_REJECTED; turn++) {
    const order = turn % 2 === 0 ? [ours, theirs] : [theirs, ours];
    const figures = new Map<BenchServer, number>();
    let quiet = true;
    for (const server of order) {
      await scenario.before?.(server);
      quiet &&= await untilQuiet();
      figures.set(server, await scenario.measure(server, salts()));
    }
    quiet &&= await isQuiet();
    if (quiet) counted.push([figures.get(ours)!, figures.get(theirs)!]);
    else rejected++;
  }
  if (counted.length === 0) return undefined;
  return {
    scenario,
    ours: median(counted.map(([figure]) => figure)),
    theirs: median(counted.map(([, figure]) => figure)),
    ratio: median(counted.map(([a, b]) => (scenario.unit === "ms" ? b / a : a / b))),
    pairs: counted.length,
    rejected,
  };
}
