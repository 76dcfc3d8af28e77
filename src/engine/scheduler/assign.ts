import type { Digest } from "../../lib/digest.ts";
import { chooseVictim, launchDifferences } from "./policy.ts";
import type { RequestId, Resident, Waiter } from "./state.ts";
import { drainFor, grant, isDraining, isIdle, load, serves, stop, type Transition } from "./transition.ts";

/**
 * Later requests that may get a slot before one that waits for a place in memory. Models in use go on being served meanwhile, since a
 * reload costs more than a slot; but a model that is never idle would otherwise shut the others out for good.
 */
export const MAX_OVERTAKES = 8;

/** Places in memory that come free without a further decision, less those that earlier waiters of this round wait for. */
interface Places {
  stopping: number;
  draining: number;
  /** An earlier waiter needs all memory for its model. */
  reserved: boolean;
}

/**
 * Gives every waiter what it can have, in the order of arrival; the numbers in this file are those of the tree in `decide`. Within one
 * model that order is strict, except that a request for the vocabulary passes those that wait for a slot. A request for a model that
 * is in memory passes those that wait for another model.
 */
export function assign(transition: Transition): void {
  const places = countPlaces(transition.residents);
  const waitedFor = new Set<Digest>();
  const granted: RequestId[] = [];
  for (const waiter of [...transition.waiters]) {
    const key = waiter.spec.weightsDigest;
    const served = waitedFor.has(key)
      ? assignBehind(transition, waiter)
      : assignFirst(transition, waiter, places);
    if (served) granted.push(waiter.id);
    else waitedFor.add(key);
  }
  for (const waiter of transition.waiters) {
    waiter.overtakes += granted.filter((id) => id > waiter.id).length;
  }
}

function countPlaces(residents: readonly Resident[]): Places {
  const stopping = residents.filter(({ phase }) => phase === "stopping").length;
  const draining = residents.filter(
    (resident) => resident.phase !== "stopping" && isDraining(resident),
  ).length;
  return { stopping, draining, reserved: false };
}

/** 2: what the earlier request for the same weights needs is on its way. */
function assignBehind(transition: Transition, waiter: Waiter): boolean {
  if (!waiter.tokenizeOnly) return false;
  const resident = transition.residents.find((each) => serves(each, waiter));
  return resident !== undefined && grant(transition, resident, waiter);
}

/** @returns whether it has got its lease. */
function assignFirst(transition: Transition, waiter: Waiter, places: Places): boolean {
  const { weightsDigest } = waiter.spec;
  const resident = transition.residents.find(({ spec }) => spec.weightsDigest === weightsDigest);
  if (resident === undefined) {
    placeModel(transition, waiter, places);
    return false;
  }
  if (serves(resident, waiter)) return grant(transition, resident, waiter);
  awaitReload(resident, waiter, places);
  return false;
}

/** 5, or the runner is ending anyway: its own place becomes free. */
function awaitReload(resident: Resident, waiter: Waiter, places: Places): void {
  if (resident.phase === "stopping") {
    places.stopping--;
    return;
  }
  if (isDraining(resident)) places.draining--;
  if (waiter.tokenizeOnly) return;
  const options = launchDifferences(resident.launch, waiter.launch);
  if (options.length > 0) drainFor(resident, waiter, "reload", options);
}

/** 3.1 to 3.4 */
function placeModel(transition: Transition, waiter: Waiter, places: Places): void {
  const { residents, limits } = transition;
  if (places.reserved) return;
  if (waiter.exclusive !== undefined && residents.length > 0) {
    places.reserved = true;
    for (const resident of residents) drainFor(resident, waiter, "memory");
  } else if (residents.length < limits.maxLoaded) load(transition, waiter);
  else if (places.stopping > 0) places.stopping--;
  else evictFor(transition, waiter, places);
}

/** 3.5 to 3.8 */
function evictFor(transition: Transition, waiter: Waiter, places: Places): void {
  const { residents } = transition;
  const victim = chooseVictim(residents.filter((resident) => isIdle(transition, resident)));
  if (victim !== undefined) {
    stop(transition, victim, { reason: "evict" });
    return;
  }
  if (places.draining > 0) {
    places.draining--;
    return;
  }
  if (waiter.overtakes < MAX_OVERTAKES) return;
  const busy = chooseVictim(residents.filter((each) => each.phase === "ready" && !isDraining(each)));
  if (busy !== undefined) drainFor(busy, waiter, "evict");
}
