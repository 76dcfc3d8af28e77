import type { Digest } from "../../lib/digest.ts";
import { type Capacity, capacityOf, fits, fitToMemory, freeCapacity, needOf, sum } from "./capacity.ts";
import { MAX_OVERTAKES, pickNext } from "./fairness.ts";
import { chooseVictim, chooseVictims, launchDifferences } from "./policy.ts";
import type { RequestId, Resident, Waiter } from "./state.ts";
import {
  drainFor,
  grant,
  hasFreeSlot,
  isDraining,
  isIdle,
  load,
  reject,
  serves,
  stop,
  type Transition,
} from "./transition.ts";

/** Gives every waiter what it can have; the numbers in this file are those of the tree in `decide`. */
export function assign(transition: Transition): void {
  const before = transition.waiters;
  grantVocabularies(transition);
  grantSlots(transition);
  const left = new Set(transition.waiters.map(({ id }) => id));
  const granted = before.filter(({ id, tokenizeOnly }) => !tokenizeOnly && !left.has(id)).map(({ id }) => id);
  for (const waiter of transition.waiters) countOvertakes(waiter, granted);
  placeModels(transition);
}

function countOvertakes(waiter: Waiter, granted: readonly RequestId[]): void {
  waiter.overtakes += granted.filter((id) => id > waiter.id).length;
}

/** 2 */
function grantVocabularies(transition: Transition): void {
  for (const waiter of transition.waiters.filter(({ tokenizeOnly }) => tokenizeOnly)) {
    const resident = transition.residents.find((each) => each.phase === "ready" && serves(each, waiter));
    if (resident !== undefined) grant(transition, resident, waiter);
  }
}

/** 3: one slot after the other, since each grant may change whose turn it is. */
function grantSlots(transition: Transition): void {
  const runnerFor = (waiter: Waiter) =>
    waiter.tokenizeOnly
      ? undefined
      : transition.residents.find((each) => hasFreeSlot(each) && serves(each, waiter));
  for (;;) {
    if (!transition.residents.some(hasFreeSlot)) return;
    const served = transition.waiters.filter((waiter) => runnerFor(waiter) !== undefined);
    const picked = pickNext(served, transition.callers, transition.meanSlotMs);
    const resident = picked && runnerFor(picked.next);
    if (picked === undefined || resident === undefined) return;
    transition.callers = picked.ring;
    grant(transition, resident, picked.next);
  }
}

/** What comes free without a further decision, and is not promised to an earlier waiter of this round. */
interface Forecast {
  free: Capacity;
  stopping: Capacity;
  draining: Capacity;
  /** An earlier waiter needs all memory for its model. */
  reserved: boolean;
}

/** 4 to 6, in the order of arrival. Of the requests for the same weights the first decides. */
function placeModels(transition: Transition): void {
  const forecast = forecastCapacity(transition);
  const decided = new Set<Digest>();
  for (const waiter of transition.waiters) {
    const key = waiter.spec.weightsDigest;
    if (decided.has(key)) continue;
    decided.add(key);
    const resident = transition.residents.find(({ spec }) => spec.weightsDigest === key);
    if (resident === undefined) placeModel(transition, waiter, forecast);
    else if (!serves(resident, waiter)) awaitReload(resident, waiter, forecast);
  }
}

function forecastCapacity(transition: Transition): Forecast {
  const { residents } = transition;
  return {
    free: freeCapacity(transition),
    stopping: capacityOf(...residents.filter(({ phase }) => phase === "stopping")),
    draining: capacityOf(...residents.filter((each) => each.phase !== "stopping" && isDraining(each))),
    reserved: false,
  };
}

/** What is promised is taken off what is free, which may be less than nothing then; later waiters see the sum. */
function promise(forecast: Forecast, { places, bytes }: Capacity): void {
  forecast.free = sum(forecast.free, { places: -places, bytes: -bytes });
}

/** 5, or the runner is ending anyway: its own memory becomes free. */
function awaitReload(resident: Resident, waiter: Waiter, forecast: Forecast): void {
  const counted = resident.phase === "stopping" || isDraining(resident);
  if (counted) promise(forecast, needOf(waiter));
  if (resident.phase === "stopping" || waiter.tokenizeOnly) return;
  const options = launchDifferences(resident.launch, waiter.launch);
  if (options.length > 0) drainFor(resident, waiter, "reload", options);
}

/** 6.1 to 6.5 */
function placeModel(transition: Transition, waiter: Waiter, forecast: Forecast): void {
  const { residents } = transition;
  if (forecast.reserved) return;
  if (waiter.exclusive !== undefined) {
    if (residents.length === 0) {
      load(transition, waiter);
      promise(forecast, needOf(waiter));
      return;
    }
    forecast.reserved = true;
    for (const resident of residents) drainFor(resident, waiter, "memory");
    return;
  }
  const error = fitToMemory(transition, waiter);
  if (error !== undefined) {
    reject(transition, waiter, error);
    return;
  }
  const need = needOf(waiter);
  if (fits(need, forecast.free)) load(transition, waiter);
  else if (!fits(need, sum(forecast.free, forecast.stopping))) evictFor(transition, waiter, forecast);
  promise(forecast, need);
}

/** 6.6 to 6.9 */
function evictFor(transition: Transition, waiter: Waiter, forecast: Forecast): void {
  const need = needOf(waiter);
  const ending = sum(forecast.free, forecast.stopping);
  const idle = transition.residents.filter((each) => isIdle(transition, each) && !isDraining(each));
  const victims = chooseVictims(idle, (chosen) => fits(need, sum(ending, capacityOf(...chosen))));
  if (victims !== undefined) {
    for (const victim of victims) stop(transition, victim, { reason: "evict" });
    forecast.stopping = sum(forecast.stopping, capacityOf(...victims));
    return;
  }
  let coming = sum(ending, forecast.draining);
  if (waiter.overtakes < MAX_OVERTAKES) return;
  const staying = transition.residents.filter((each) => each.phase === "ready" && !isDraining(each));
  for (let left = staying; !fits(need, coming); ) {
    const busy = chooseVictim(left);
    if (busy === undefined) return;
    left = left.filter((each) => each !== busy);
    drainFor(busy, waiter, "evict");
    coming = sum(coming, capacityOf(busy));
    forecast.draining = sum(forecast.draining, capacityOf(busy));
  }
}
