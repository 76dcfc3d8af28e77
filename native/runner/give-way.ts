import type { SlotDemand } from "./slot-demand.ts";

/** While an interactive answer is under way, batches take part in one of so many steps. */
const EVERY = 8;

/** Prompt tokens of all batches together in such a step: on a CPU each takes a quarter of what a step of one token does. */
const CHUNK = 8;

/**
 * What batches may have of a step: all that they want while they are alone, else a little of every eighth. They get on, and the reader of
 * an interactive answer hardly notices them.
 *
 * @param demands the oldest first.
 * @param step steps are numbered.
 */
export function giveWay(demands: readonly SlotDemand[], step: number): SlotDemand[] {
  const interactive = demands.filter(({ batch = false }) => !batch);
  if (interactive.length === 0 || interactive.length === demands.length) return [...demands];
  if (step % EVERY !== 0) return interactive;
  let left = CHUNK;
  return demands.flatMap((demand) => {
    if (!demand.batch || demand.generating) return [demand];
    const pause = Math.min(demand.pause ?? demand.remaining, demand.remaining, left);
    left -= pause;
    return pause === 0 ? [] : [{ ...demand, pause }];
  });
}
