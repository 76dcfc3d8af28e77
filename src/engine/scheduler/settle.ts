import type { Digest } from "../../lib/digest.ts";
import { clearExpiry, closeFor, type Draft, isIdle, reopen, serves, stop } from "./draft.ts";
import { chooseVictim } from "./evict.ts";
import { planIdle } from "./keep-alive.ts";
import { launchDifferences } from "./reload.ts";
import type { RequestId, Resident, Waiter } from "./state.ts";

/**
 * Later requests that may get a slot before one that waits for room. Models in use go on being served meanwhile, since a reload costs
 * more than a slot; but a model that is never idle would otherwise shut the others out for good.
 */
export const PATIENCE = 8;

/** Rooms that come free without a further decision, less those that earlier waiters of this round count on. */
interface Rooms {
  stopping: number;
  closed: number;
  /** An earlier waiter needs the memory for itself alone. */
  reserved: boolean;
}

/**
 * Gives every waiter what it can have, in the order of arrival. Within one model that order is strict, except that who needs no slot
 * does not wait behind those who do. A request for a model that is in memory passes those that wait for another one.
 */
export function settle(draft: Draft): void {
  const rooms = countRooms(draft.residents);
  const blocked = new Set<Digest>();
  const granted: RequestId[] = [];
  for (const waiter of [...draft.waiters]) {
    const key = waiter.spec.weightsDigest;
    const served = blocked.has(key) ? serveBehind(draft, waiter) : serveOne(draft, waiter, rooms);
    if (served) granted.push(waiter.id);
    else blocked.add(key);
  }
  for (const waiter of draft.waiters) {
    waiter.overtaken += granted.filter((id) => id > waiter.id).length;
  }
}

function countRooms(residents: readonly Resident[]): Rooms {
  const stopping = residents.filter(({ phase }) => phase === "stopping").length;
  const closed = residents.filter((resident) => resident.phase !== "stopping" && isClosing(resident)).length;
  return { stopping, closed, reserved: false };
}

const isClosing = ({ closings }: Resident): boolean => closings.length > 0;

/** Somebody before it waits for the same weights; what those need is on its way. */
function serveBehind(draft: Draft, waiter: Waiter): boolean {
  const resident = waiter.slotless && draft.residents.find((each) => serves(each, waiter));
  return resident ? grant(draft, resident, waiter) : false;
}

/** True when it has got what it waits for. */
function serveOne(draft: Draft, waiter: Waiter, rooms: Rooms): boolean {
  const resident = draft.residents.find(({ spec }) => spec.weightsDigest === waiter.spec.weightsDigest);
  if (resident === undefined) {
    seekRoom(draft, waiter, rooms);
    return false;
  }
  if (serves(resident, waiter)) return grant(draft, resident, waiter);
  awaitEnd(resident, waiter, rooms);
  return false;
}

function grant(draft: Draft, resident: Resident, waiter: Waiter): boolean {
  const { info } = resident;
  const { slotless } = waiter;
  if (resident.phase !== "ready" || info === undefined) return false;
  if (!slotless && resident.active >= info.parallel) return false;
  clearExpiry(draft, resident);
  if (slotless) resident.readers++;
  else resident.active++;
  resident.lastUsed = ++draft.uses;
  resident.keepAlive = waiter.keepAlive ?? resident.keepAlive;
  draft.waiters = draft.waiters.filter(({ id }) => id !== waiter.id);
  draft.effects.push({ type: "grant", request: waiter.id, runner: resident.id, info, slotless });
  return true;
}

/** The weights are loaded, with other options or on their way out: their own place becomes free. */
function awaitEnd(resident: Resident, waiter: Waiter, rooms: Rooms): void {
  if (resident.phase === "stopping") {
    rooms.stopping--;
    return;
  }
  if (isClosing(resident)) rooms.closed--;
  if (waiter.slotless) return;
  const options = launchDifferences(resident.launch, waiter.launch);
  if (options.length > 0) closeFor(resident, waiter, "reload", options);
}

function seekRoom(draft: Draft, waiter: Waiter, rooms: Rooms): void {
  if (rooms.reserved) return;
  if (waiter.alone !== undefined && draft.residents.length > 0) {
    rooms.reserved = true;
    clearAll(draft, waiter);
  } else if (draft.residents.length < draft.limits.maxLoaded) load(draft, waiter);
  else if (rooms.stopping > 0) rooms.stopping--;
  else makeRoom(draft, waiter, rooms);
}

function makeRoom(draft: Draft, waiter: Waiter, rooms: Rooms): void {
  const victim = chooseVictim(draft.residents.filter((resident) => isIdle(draft, resident)));
  if (victim !== undefined) {
    stop(draft, victim, { reason: "evict" });
    return;
  }
  if (rooms.closed > 0) {
    rooms.closed--;
    return;
  }
  if (waiter.overtaken < PATIENCE) return;
  const busy = chooseVictim(
    draft.residents.filter((resident) => resident.phase === "ready" && !isClosing(resident)),
  );
  if (busy !== undefined) closeFor(busy, waiter, "evict");
}

/** Memory ran short beside the others: they go as soon as they are idle. */
function clearAll(draft: Draft, waiter: Waiter): void {
  for (const resident of draft.residents) {
    closeFor(resident, waiter, "memory");
  }
}

function load(draft: Draft, waiter: Waiter): void {
  reopen(draft, waiter.id);
  const launch = waiter.alone ?? waiter.launch;
  const runner = ++draft.lastRunner;
  draft.residents.push({
    id: runner,
    spec: waiter.spec,
    launch,
    phase: "loading",
    active: 0,
    readers: 0,
    keepAlive: waiter.keepAlive ?? draft.limits.keepAlive,
    lastUsed: ++draft.uses,
    closings: [],
    loadedFor: waiter.id,
    secondTry: waiter.alone !== undefined,
  });
  draft.effects.push({ type: "load", runner, spec: waiter.spec, launch });
}

/** Ends the models that nobody uses, or starts their keep-alive timer. */
export function retireIdle(draft: Draft): void {
  for (const resident of draft.residents) {
    if (!isIdle(draft, resident)) continue;
    const closing = resident.closings[0];
    if (closing !== undefined) stop(draft, resident, closing);
    else if (resident.phase === "ready" && resident.expiresAt === undefined) startKeepAlive(draft, resident);
  }
}

function startKeepAlive(draft: Draft, resident: Resident): void {
  const plan = planIdle(draft.now, resident.keepAlive);
  if (plan.type === "stop") {
    stop(draft, resident, { reason: "keep_alive" });
    return;
  }
  resident.expiresAt = plan.expiresAt;
  if (plan.timerMs === undefined) return;
  draft.effects.push({ type: "set_timer", runner: resident.id, ms: plan.timerMs });
}
