import { AppError } from "../../lib/errors.ts";
import { shuttingDown } from "../runner/failure.ts";
import {
  clearExpiry,
  closeDraft,
  closeTo,
  type Draft,
  openDraft,
  reject,
  reopen,
  serves,
  stop,
} from "./draft.ts";
import { withLowerContext } from "./launch.ts";
import { retireIdle, settle } from "./settle.ts";
import type { Decision, RequestId, Resident, RunnerId, SchedulerEvent, State } from "./state.ts";

const busy = (): AppError =>
  new AppError("busy", "server busy, please try again.  maximum pending requests exceeded");

/**
 * All that the scheduler knows: what happens next, given what is and what has happened. Pure; the same input gives the same answer.
 * @param now milliseconds since the epoch.
 */
export function decide(state: State, event: SchedulerEvent, now: number): Decision {
  const draft = openDraft(state, now);
  apply(draft, event);
  settle(draft);
  retireIdle(draft);
  if (event.type === "request" && isOverfull(draft)) {
    return { state, effects: [{ type: "reject", request: event.id, error: busy() }] };
  }
  return closeDraft(draft);
}

function apply(draft: Draft, event: SchedulerEvent): void {
  switch (event.type) {
    case "request":
      onRequest(draft, event);
      break;
    case "cancel":
      draft.waiters = draft.waiters.filter(({ id }) => id !== event.id);
      reopen(draft, event.id);
      break;
    case "unload":
      for (const resident of draft.residents) {
        if (resident.spec.weightsDigest === event.weights) closeTo(draft, resident, "unload");
      }
      break;
    case "shutdown":
      onShutdown(draft);
      break;
    default: {
      // Events of a runner that is gone already come too late to matter.
      const resident = draft.residents.find(({ id }) => id === event.runner);
      if (resident !== undefined) onRunner(draft, resident, event);
    }
  }
}

type RunnerEvent = Extract<SchedulerEvent, { runner: RunnerId }>;

function onRunner(draft: Draft, resident: Resident, event: RunnerEvent): void {
  switch (event.type) {
    case "ready":
      if (resident.phase !== "loading") return;
      resident.phase = "ready";
      resident.info = event.info;
      break;
    case "gone":
      onGone(draft, resident, event);
      break;
    case "release":
      if (event.slotless) resident.readers--;
      else resident.active--;
      resident.lastUsed = ++draft.uses;
      break;
    case "expire":
      if (resident.expiresAt !== undefined) stop(draft, resident, { reason: "keep_alive" });
      break;
    default:
      event satisfies never;
  }
}

function onRequest(draft: Draft, event: Extract<SchedulerEvent, { type: "request" }>): void {
  const { id, spec, launch, keepAlive, slotless } = event;
  draft.lastRequest = id;
  const waiter = {
    id,
    spec,
    launch,
    slotless,
    overtaken: 0,
    ...(keepAlive === undefined ? {} : { keepAlive }),
  };
  draft.waiters.push(waiter);
  if (draft.closed) reject(draft, waiter, shuttingDown());
}

/** A load that ended before it was ready fails everybody who waited for it, unless memory was short and there is some to gain. */
function onGone(draft: Draft, resident: Resident, event: Extract<SchedulerEvent, { type: "gone" }>): void {
  const waiting = draft.waiters.filter((waiter) => serves(resident, waiter));
  clearExpiry(draft, resident);
  draft.residents = draft.residents.filter(({ id }) => id !== resident.id);
  if (resident.phase === "loading") {
    const retry = event.outOfMemory ? secondTry(draft, resident) : undefined;
    for (const waiter of waiting) {
      if (retry === undefined) reject(draft, waiter, event.error);
      else waiter.alone = retry;
    }
  }
  if (resident.phase === "ready" && event.outOfMemory) {
    for (const other of draft.residents) closeTo(draft, other, "memory");
  }
}

/** Spec: scheduler §1.6. Once, with a lower context if nobody asked for one, and with all other models out of the way. */
function secondTry(draft: Draft, resident: Resident): Resident["launch"] | undefined {
  if (resident.secondTry) return undefined;
  const lower = withLowerContext(resident.launch);
  return lower ?? (draft.residents.length > 0 ? resident.launch : undefined);
}

function onShutdown(draft: Draft): void {
  draft.closed = true;
  for (const waiter of draft.waiters) reject(draft, waiter, shuttingDown());
  for (const resident of draft.residents) stop(draft, resident, { reason: "shutdown" });
}

/** Requests whose own load is under way do not count as waiting, so that a cold start and a warm one admit the same number. */
function isOverfull(draft: Draft): boolean {
  const startsLoad = (id: RequestId) => draft.residents.some(({ loadedFor }) => loadedFor === id);
  return draft.waiters.filter(({ id }) => !startsLoad(id)).length > draft.limits.maxQueue;
}
