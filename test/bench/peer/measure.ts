import type { ForeignLoad } from "./foreign-load.ts";
import { counts, order, type Pair, type Samples } from "./samples.ts";
import type { Scenario } from "./scenarios.ts";
import type { BenchServer } from "./server.ts";

/** Pairs that may be thrown away for one that counts, before a scenario is given up. */
const MOST_REJECTED = 2;

/**
 * Measures a scenario on both servers, pair by pair, who goes first taking turns, until there are `wanted` pairs beside which the
 * machine did nothing else.
 *
 * @param salts gives one that no text has been made with.
 */
export async function measure(
  scenario: Scenario,
  servers: readonly [ours: BenchServer, theirs: BenchServer],
  wanted: number,
  load: ForeignLoad,
  salts: () => number,
): Promise<Samples> {
  const pairs: Pair[] = [];
  const most = wanted * (1 + MOST_REJECTED);
  for (const server of servers) await server.restart(scenario.settings ?? {}, false);
  while (pairs.filter(counts).length < wanted && pairs.length < most)
    pairs.push(await pairOf(scenario, servers, pairs.length, load, salts));
  return { scenario: scenario.name, unit: scenario.unit, pairs };
}

async function pairOf(
  scenario: Scenario,
  servers: readonly [ours: BenchServer, theirs: BenchServer],
  at: number,
  load: ForeignLoad,
  salts: () => number,
): Promise<Pair> {
  const figures = new Map<BenchServer, number>();
  let most = 0;
  for (const server of order(at, servers)) {
    await scenario.before?.(server);
    await load.untilQuiet();
    const { result, foreign } = await load.during(() => scenario.measure(server, salts()));
    figures.set(server, result);
    most = Math.max(most, foreign);
  }
  const [ours, theirs] = servers.map((server) => figures.get(server)!);
  return { ours: ours!, theirs: theirs!, foreign: most };
}
