import { defined } from "../../lib/defined.ts";
import type { Digest } from "../../lib/digest.ts";
import type { AppError } from "../../lib/errors.ts";
import type { Launch } from "../launch.ts";
import type { LoadedInfo, LoadSpec } from "../port.ts";
import type { RunnerId } from "../runner/runners.ts";
import type { UnloadReason } from "../totals.ts";
import { type CallerShare, charge, planIdle, withCaller } from "./policy.ts";
import {
  type Drain,
  type NewRequest,
  type RequestId,
  type Resident,
  type SchedulerLimits,
  type State,
  serves,
  type Waiter,
} from "./state.ts";

export type SchedulerEvent =
  | ({ type: "request" } & NewRequest)
  /** The client has left before it got a lease. */
  | { type: "cancel"; id: RequestId }
  | { type: "ready"; runner: RunnerId; info: LoadedInfo }
  /** The process has ended, whatever the reason. `error` is for those who waited for its load. */
  | { type: "gone"; runner: RunnerId; error: AppError; outOfMemory: boolean }
  | { type: "release"; runner: RunnerId; request: RequestId; tokenizeOnly: boolean }
  /** A batch lets others have its slot, and waits to get one back; its place in the queue is that of its arrival. */
  | { type: "yield"; runner: RunnerId; waiter: Omit<NewRequest, "tokenizeOnly"> }
  /** The keep-alive timer. */
  | { type: "expire"; runner: RunnerId }
  | { type: "unload"; weights: Digest }
  | { type: "shutdown" };

export type Effect =
  | { type: "grant"; request: RequestId; runner: RunnerId; info: LoadedInfo; tokenizeOnly: boolean }
  | { type: "reject"; request: RequestId; error: AppError }
  | { type: "load"; runner: RunnerId; spec: LoadSpec; launch: Launch }
  /** Ends the process; a `gone` event follows. */
  | { type: "stop"; runner: RunnerId; reason: UnloadReason; options?: string[] }
  | { type: "set_timer"; runner: RunnerId; ms: number }
  | { type: "clear_timer"; runner: RunnerId };

export interface SchedulerDecision {
  state: State;
  effects: Effect[];
}

/** Measurements that a decision depends on besides the state and the event. */
export interface DecisionInputs {
  /** Milliseconds since the epoch. */
  now: number;
  /** Bytes of memory that new runners may take; `Infinity` where memory is not counted. */
  availableBytes: number;
}

/** A copy of the state that one decision may change, and the effects of that decision so far. Never leaves `decide`. */
export interface Transition extends DecisionInputs {
  readonly limits: SchedulerLimits;
  residents: Resident[];
  waiters: Waiter[];
  lastRequest: RequestId;
  lastRunner: RunnerId;
  callers: readonly CallerShare[];
  meanSlotMs: number;
  meanLoadMs: number;
  uses: number;
  promised: number;
  shuttingDown: boolean;
  readonly effects: Effect[];
}

export function beginTransition(state: State, inputs: DecisionInputs): Transition {
  return {
    ...state,
    ...inputs,
    residents: state.residents.map((resident) => ({ ...resident })),
    waiters: state.waiters.map((waiter) => ({ ...waiter })),
    effects: [],
  };
}

export function endTransition({
  effects,
  now: _,
  availableBytes: __,
  ...state
}: Transition): SchedulerDecision {
  return { state, effects };
}

/** Does no request use this model or wait for it? */
export function isIdle(transition: Transition, resident: Resident): boolean {
  return (
    resident.phase !== "stopping" &&
    resident.leases.length === 0 &&
    resident.tokenizers === 0 &&
    !transition.waiters.some((waiter) => serves(resident, waiter))
  );
}

/** Hands the waiter its lease. The runner is ready, and has a free slot if one is needed. */
export function grant(transition: Transition, resident: Resident, waiter: Waiter): void {
  const { info } = resident;
  if (info === undefined) return;
  const { tokenizeOnly } = waiter;
  clearExpiry(transition, resident);
  if (tokenizeOnly) resident.tokenizers++;
  else leaseSlot(transition, resident, waiter);
  resident.lastUsed = ++transition.uses;
  resident.keepAlive = waiter.keepAlive ?? resident.keepAlive;
  removeWaiter(transition, waiter.id);
  transition.effects.push({ type: "grant", request: waiter.id, runner: resident.id, info, tokenizeOnly });
}

/** The caller is charged one turn at once, so that it cannot take all slots in one turn; the difference at the end of the lease. */
function leaseSlot(transition: Transition, resident: Resident, { id, caller, batch }: Waiter): void {
  const { now, meanSlotMs } = transition;
  const lease = { request: id, caller, batch, since: now, charged: meanSlotMs };
  resident.leases = [...resident.leases, lease];
  const ring = withCaller(transition.callers, caller, meanSlotMs);
  transition.callers = charge(ring, caller, meanSlotMs, meanSlotMs);
}

/** How much the latest of several durations counts in their mean. */
const LATEST = 0.2;

export const mean = (before: number | undefined, latest: number): number =>
  before === undefined ? latest : before + LATEST * (latest - before);

/** The slot that a request had is free again. */
export function endSlotLease(transition: Transition, resident: Resident, request: RequestId): void {
  const lease = resident.leases.find((each) => each.request === request);
  if (lease === undefined) return;
  resident.leases = resident.leases.filter((each) => each !== lease);
  // At least 1: a slot time of 0 could make a turn worth 0, which no caller's deficit would ever grow by.
  const held = Math.max(1, transition.now - lease.since);
  transition.callers = charge(transition.callers, lease.caller, held - lease.charged, transition.meanSlotMs);
  resident.meanSlotMs = mean(resident.meanSlotMs, held);
  transition.meanSlotMs = Math.max(1, mean(transition.meanSlotMs, held));
}

/** Starts a runner for the waiter's model; the waiter waits on for its slot. */
export function startLoad(transition: Transition, waiter: Waiter): void {
  cancelDrainsFor(transition, waiter.id);
  const launch = waiter.exclusive ?? waiter.launch;
  const runner = ++transition.lastRunner;
  transition.residents.push({
    id: runner,
    spec: waiter.spec,
    launch,
    phase: "loading",
    leases: [],
    tokenizers: 0,
    memory: launch.memory,
    loadingSince: transition.now,
    keepAlive: waiter.keepAlive ?? transition.limits.keepAlive,
    lastUsed: ++transition.uses,
    drains: [],
    loadedFor: waiter.id,
    retried: waiter.exclusive !== undefined,
  });
  transition.effects.push({ type: "load", runner, spec: waiter.spec, launch });
}

export function stopRunner(
  transition: Transition,
  resident: Resident,
  { reason, options }: Pick<Drain, "reason" | "options">,
): void {
  if (resident.phase === "stopping") return;
  clearExpiry(transition, resident);
  resident.phase = "stopping";
  transition.effects.push({ type: "stop", runner: resident.id, reason, ...defined({ options }) });
}

/** Drains a runner: it ends when every request that has come for it so far is done. */
export function drainRunner(transition: Transition, resident: Resident, reason: UnloadReason): void {
  if (resident.drains.some(({ forRequest }) => forRequest === undefined)) return;
  resident.drains = [...resident.drains, { from: transition.lastRequest + 1, reason }];
}

/** Drains a runner because `waiter` needs its memory: it ends when every request before that one is done. */
export function drainFor(resident: Resident, waiter: Waiter, reason: UnloadReason, options?: string[]): void {
  if (resident.drains.some(({ forRequest }) => forRequest === waiter.id)) return;
  const added = { from: waiter.id, forRequest: waiter.id, reason, ...defined({ options }) };
  resident.drains = [...resident.drains, added];
}

/** Runners that drained for a request that no longer needs their memory take requests again. */
export function cancelDrainsFor(transition: Transition, request: RequestId): void {
  for (const resident of transition.residents) {
    resident.drains = resident.drains.filter(({ forRequest }) => forRequest !== request);
  }
}

export function removeWaiter(transition: Transition, request: RequestId): void {
  transition.waiters = transition.waiters.filter(({ id }) => id !== request);
}

export function reject(transition: Transition, waiter: Waiter, error: AppError): void {
  removeWaiter(transition, waiter.id);
  cancelDrainsFor(transition, waiter.id);
  transition.effects.push({ type: "reject", request: waiter.id, error });
}

/** Starts the keep-alive timer of a model that nobody uses, or ends it where keep-alive is 0. */
export function startKeepAlive(transition: Transition, resident: Resident): void {
  const plan = planIdle(transition.now, resident.keepAlive);
  if (plan.type === "stop") {
    stopRunner(transition, resident, { reason: "keep_alive" });
    return;
  }
  resident.expiresAt = plan.expiresAt;
  if (plan.timerMs === undefined) return;
  transition.effects.push({ type: "set_timer", runner: resident.id, ms: plan.timerMs });
}

export function clearExpiry(transition: Transition, resident: Resident): void {
  if (resident.expiresAt === undefined) return;
  if (resident.expiresAt !== Number.POSITIVE_INFINITY) {
    transition.effects.push({ type: "clear_timer", runner: resident.id });
  }
  delete resident.expiresAt;
}
