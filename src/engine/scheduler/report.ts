import { AppError } from "../../lib/errors.ts";
import type { QueuedRequest, ResidentModel } from "../port.ts";
import { fairOrder } from "./fairness.ts";
import { estimateExpiry } from "./policy.ts";
import type { Resident, State, Waiter } from "./state.ts";
import { isDraining, serves } from "./transition.ts";

/** The models in memory as the rest of llamero sees them, in the order in which they were loaded. */
export function describeResidents(state: State, now: number): ResidentModel[] {
  return state.residents.map((resident) => {
    const { spec, info, leases, keepAlive, expiresAt, memory } = resident;
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
      memoryBytes: memory.bytes,
      active: leases.length,
      waiting,
    };
  });
}

function phaseOf({ phase }: Resident): "loading" | "ready" {
  return phase === "ready" ? "ready" : "loading";
}

/** The requests that wait, in the order in which they will be served as things stand. */
export function describeQueue(state: State, now: number): QueuedRequest[] {
  const order = fairOrder(state.waiters, state.callers, state.meanSlotMs);
  return order.map((waiter) => ({
    model: waiter.spec.name,
    caller: waiter.caller,
    batch: waiter.batch,
    waitingMs: now - waiter.since,
    waitsFor: reasonOf(state, waiter),
  }));
}

function reasonOf(state: State, waiter: Waiter): QueuedRequest["waitsFor"] {
  const resident = state.residents.find((each) => serves(each, waiter));
  if (resident === undefined) return "room";
  return resident.phase === "loading" ? "load" : "slot";
}

/** The refusal of a request that comes while the queue is full; it says when a place in the queue is expected to come free. */
export function queueFull(state: State, now: number): AppError {
  const message = "server busy, please try again.  maximum pending requests exceeded";
  return new AppError("busy", message, { retryAfter: retryAfter(state, now) });
}

/** Seconds until a place in the queue is expected to come free, by how long slots and loads have taken lately; at least 1. */
function retryAfter(state: State, now: number): number {
  const waits = state.residents
    .filter((resident) => state.waiters.some((waiter) => serves(resident, waiter)))
    .flatMap((resident) => {
      if (resident.phase === "loading") return [remaining(now - resident.loadingSince, state.meanLoadMs)];
      const expected = resident.meanSlotMs ?? state.meanSlotMs;
      return resident.leases.map(({ since }) => remaining(now - since, expected));
    });
  const soonest = waits.length > 0 ? Math.min(...waits) : state.meanLoadMs;
  return Math.max(1, Math.ceil(soonest / 1000));
}

/** What has lasted longer than expected is expected to last as long again. */
const remaining = (elapsedMs: number, expectedMs: number): number =>
  elapsedMs < expectedMs ? expectedMs - elapsedMs : elapsedMs;
