import type { Engine } from "../engine/port.ts";
import type { Clock } from "../lib/clock.ts";
import type { BalancerAgent } from "./agent.ts";

export interface DrainOptions {
  agent: BalancerAgent;
  engine: Pick<Engine, "resident" | "queue">;
  clock: Clock;
  /** Called every {@link POLL_MS} while it lasts. */
  still?(): void;
}

/** A balancer asks every second; one that has not asked for so long is not there. */
const ABSENT_MS = 5000;
/** Time for every balancer to ask once more, and for requests to arrive that it had sent before. */
const NOTICE_MS = 2500;
const POLL_MS = 100;

/**
 * Ends when the requests under way have ended, so that a server can stop without an error for anybody. Balancers are told first to send
 * nothing new here; where no balancer has asked lately, it ends at once.
 *
 * There is no limit of its own: the sender of the signal decides how long to wait (TimeoutStopSec, `docker stop -t`).
 */
export async function drainServer({ agent, engine, clock, still = () => {} }: DrainOptions): Promise<void> {
  if (agent.sinceAsked() > ABSENT_MS) return;
  agent.enter("draining");
  await pause(clock, NOTICE_MS);
  while (isAtWork(engine)) {
    still();
    await pause(clock, POLL_MS);
  }
}

const isAtWork = (engine: DrainOptions["engine"]): boolean =>
  engine.queue().length > 0 || engine.resident().some(({ active }) => active > 0);

/** By the clock, so that tests need no sleeps. */
async function pause(clock: Clock, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.after(ms, resolve);
  await promise;
}
