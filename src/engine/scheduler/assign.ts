import type { Digest } from "../../lib/digest.ts";
import { AppError } from "../../lib/errors.ts";
import { formatGibibytes } from "../../lib/humanize.ts";
import { largestContext, launchDifferences, lowerContexts } from "../launch.ts";
import { chooseVictim, MAX_OVERTAKES, modelsToEvict, pickNext } from "./policy.ts";
import {
  hasFreeSlot,
  hasSlotFor,
  isDraining,
  type RequestId,
  type Resident,
  serves,
  type Waiter,
} from "./state.ts";
import { drainFor, grant, isIdle, reject, startLoad, stopRunner, type Transition } from "./transition.ts";

/** Gives every waiter what it can have; the numbers in this file are those of the tree in `decide`. */
export function assign(transition: Transition): void {
  serve(transition);
  placeModels(transition);
  // A model that is loaded or refused needs no other to drain: runners that drained for it take requests again.
  serve(transition);
}

function serve(transition: Transition): void {
  // Once more, since a batch counts as interactive as soon as MAX_OVERTAKES requests have overtaken it.
  while (serveOnce(transition) > 0);
}

/** @returns how many have got a slot. */
function serveOnce(transition: Transition): number {
  const before = transition.waiters;
  grantVocabularies(transition);
  grantSlots(transition);
  const left = new Set(transition.waiters.map(({ id }) => id));
  const granted = before.filter(({ id, tokenizeOnly }) => !tokenizeOnly && !left.has(id)).map(({ id }) => id);
  for (const waiter of transition.waiters) countOvertakes(waiter, granted);
  return granted.length;
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
    waiter.tokenizeOnly ? undefined : transition.residents.find((each) => hasSlotFor(each, waiter));
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

/** Places and memory that come free without a further decision, and are not promised to an earlier waiter of this round. */
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

/** Takes promised capacity off the forecast, which may be negative then; later waiters see the rest. */
function promise(forecast: Forecast, { places, bytes }: Capacity): void {
  forecast.free = sum(forecast.free, { places: -places, bytes: -bytes });
}

/** 5: drains the runner. If it is ending already, its memory is in the forecast, and is promised to this waiter. */
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
      startLoad(transition, waiter);
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
  if (fits(need, forecast.free)) startLoad(transition, waiter);
  else if (!fits(need, sum(forecast.free, forecast.stopping))) evictFor(transition, waiter, forecast);
  promise(forecast, need);
}

/** 6.6 to 6.9 */
function evictFor(transition: Transition, waiter: Waiter, forecast: Forecast): void {
  const need = needOf(waiter);
  const ending = sum(forecast.free, forecast.stopping);
  const idle = transition.residents.filter((each) => isIdle(transition, each) && !isDraining(each));
  const victims = modelsToEvict(idle, (chosen) => fits(need, sum(ending, capacityOf(...chosen))));
  if (victims !== undefined) {
    for (const victim of victims) stopRunner(transition, victim, { reason: "evict" });
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

/** The room that a model needs to be loaded: one of the places that `maxLoaded` allows, and memory. */
interface Capacity {
  places: number;
  bytes: number;
}

const fits = (need: Capacity, free: Capacity): boolean =>
  need.places <= free.places && need.bytes <= free.bytes;

const sum = (...capacities: Capacity[]): Capacity => ({
  places: capacities.reduce((total, { places }) => total + places, 0),
  bytes: capacities.reduce((total, { bytes }) => total + bytes, 0),
});

const needOf = ({ launch, exclusive }: Waiter): Capacity => ({
  places: 1,
  bytes: (exclusive ?? launch).memory.bytes,
});

/** The room that comes free when these runners have ended. */
const capacityOf = (...residents: Resident[]): Capacity => ({
  places: residents.length,
  bytes: residents.reduce((total, { memory }) => total + memory.bytes, 0),
});

/**
 * The capacity that is free now. A runner that has not finished its load may not have taken its memory yet, and the kernel counts memory
 * that is mapped from a file as available; neither may be given away twice.
 */
function freeCapacity({ residents, limits, availableBytes }: Transition): Capacity {
  const promised = residents.map(({ info, memory }) =>
    info === undefined ? memory.bytes : memory.mappedBytes,
  );
  return {
    places: limits.maxLoaded - residents.length,
    bytes: promised.reduce((left, bytes) => left - bytes, availableBytes),
  };
}

/**
 * Makes sure that a model can be loaded at all once every other one is out of memory: where no request named a context length, it is
 * lowered.
 *
 * @returns why it cannot be loaded, with the numbers.
 */
function fitToMemory(transition: Transition, waiter: Waiter): AppError | undefined {
  const bytes = bytesForOne(transition);
  if (needOf(waiter).bytes <= bytes) return undefined;
  const lower = lowerContexts(waiter.spec, waiter.launch).find(({ memory }) => memory.bytes <= bytes);
  if (lower === undefined) return tooLarge(waiter, bytes);
  waiter.launch = lower;
  return undefined;
}

/** Bytes that one model may have when no other is in memory. */
function bytesForOne({ residents, availableBytes }: Transition): number {
  // Memory that a loading runner has not taken yet is still available; the memory of a stopped runner comes back.
  return residents
    .filter(({ phase }) => phase !== "loading")
    .reduce((total, { memory }) => total + memory.bytes - memory.mappedBytes, availableBytes);
}

/** The beginning of the text is Ollama's. */
function tooLarge({ spec, launch }: Waiter, capacity: number): AppError {
  const fitting = largestContext(spec, launch, capacity);
  const hint =
    fitting === undefined
      ? "no num_ctx makes it fit"
      : `with num_ctx ${launch.contextLength}; it fits with num_ctx ${fitting}`;
  const needed = formatGibibytes(launch.memory.bytes);
  const there = formatGibibytes(Math.max(0, capacity));
  return new AppError(
    "engine",
    `model requires more system memory (${needed}) than is available (${there}), ${hint}`,
  );
}
