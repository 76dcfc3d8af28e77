import type { ResidentModel } from "../port.ts";
import { estimateExpiry } from "./policy.ts";
import type { Resident, State } from "./state.ts";
import { isDraining } from "./transition.ts";

/** The models in memory as the rest of llamero sees them, in the order in which they were loaded. */
export function describeResidents(state: State, now: number): ResidentModel[] {
  return state.residents.map((resident) => {
    const { spec, info, active, keepAlive, expiresAt } = resident;
    const leaving = resident.phase === "stopping" || isDraining(resident);
    const waiting = state.waiters.filter((waiter) => waiter.spec.weightsDigest === spec.weightsDigest).length;
    return {
      spec,
      state: leaving ? "unloading" : phaseOf(resident),
      ...(info === undefined ? {} : { info }),
      expiresAt: estimateExpiry(now, {
        keepAlive,
        leaving,
        ...(expiresAt === undefined ? {} : { expiresAt }),
      }),
      active,
      waiting,
    };
  });
}

function phaseOf({ phase }: Resident): "loading" | "ready" {
  return phase === "ready" ? "ready" : "loading";
}
