import { AppError } from "../../lib/errors.ts";
import { type Resident, type State, serves } from "./state.ts";

/** The refusal of a request that finds the queue full, and the state that remembers which place it was promised. */
export interface QueueRefusal {
  state: State;
  error: AppError;
}

/**
 * Refuses a request, and says when a place in the queue is expected for it, by how long slots and loads have taken lately.
 *
 * Each refused caller is promised a place of its own: if all were told of the same one, they would come back for it together, and all but
 * one would be refused again. Nobody is told to wait for longer than the requests in the queue now will take: the queue is empty then.
 */
export function refuseFull(state: State, now: number): QueueRefusal {
  const soonest = now + untilPlace(state, now);
  const pace = pacePerPlace(state);
  const latest = soonest + state.waiters.length * pace;
  const promised = Math.min(latest, Math.max(soonest, state.promised + pace));
  const message = "server busy, please try again.  maximum pending requests exceeded";
  const error = new AppError("busy", message, {
    retryAfter: Math.max(1, Math.ceil((promised - now) / 1000)),
  });
  return { state: { ...state, promised }, error };
}

/** Models that somebody waits for. */
const wanted = ({ residents, waiters }: State): readonly Readonly<Resident>[] =>
  residents.filter((resident) => waiters.some((waiter) => serves(resident, waiter)));

/** Milliseconds until the next place comes free. */
function untilPlace(state: State, now: number): number {
  const waits = wanted(state).flatMap((resident) => {
    if (resident.phase === "loading") return [remaining(now - resident.loadingSince, state.meanLoadMs)];
    const expected = resident.meanSlotMs ?? state.meanSlotMs;
    return resident.leases.map(({ since }) => remaining(now - since, expected));
  });
  return waits.length > 0 ? Math.min(...waits) : state.meanLoadMs;
}

/** Work that has lasted longer than expected is expected to last as long again. */
const remaining = (elapsedMs: number, expectedMs: number): number =>
  elapsedMs < expectedMs ? expectedMs - elapsedMs : elapsedMs;

/** Mean milliseconds between two places that come free, while every slot is in use. */
function pacePerPlace(state: State): number {
  const placesPerMs = wanted(state)
    .map(({ info, meanSlotMs }) => (info?.parallel ?? 1) / (meanSlotMs ?? state.meanSlotMs))
    .reduce((sum, rate) => sum + rate, 0);
  return placesPerMs > 0 ? 1 / placesPerMs : state.meanLoadMs;
}
