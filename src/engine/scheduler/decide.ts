import { AppError } from "../../lib/errors.ts";
import { shuttingDown } from "../runner/failure.ts";
import { assign } from "./assign.ts";
import { withLowerContext } from "./policy.ts";
import type { Decision, RequestId, Resident, RunnerId, SchedulerEvent, State } from "./state.ts";
import {
  beginTransition,
  cancelDrainsFor,
  clearExpiry,
  drain,
  endTransition,
  isIdle,
  reject,
  serves,
  startKeepAlive,
  stop,
  type Transition,
} from "./transition.ts";

const busy = (): AppError =>
  new AppError("busy", "server busy, please try again.  maximum pending requests exceeded");

/**
 * What happens next, given the state and an event. Pure: the same input gives the same answer, and the state that is given stays as
 * it is.
 *
 * After every event each waiting request is looked at, in order of arrival ({@link assign}):
 *
 * 1. The server is shutting down: reject it.
 * 2. An earlier request waits for the same weights: wait behind it. One that needs the vocabulary only passes, if a runner serves it.
 * 3. No runner has the weights:
 *    1. an earlier request needs all memory for its model: wait;
 *    2. memory did not suffice beside other models: drain those, and load when they are gone;
 *    3. fewer than `maxLoaded` models are resident: load;
 *    4. a runner is stopping whose place no earlier request waits for: wait for that;
 *    5. a model is idle: evict the least recently used one, and load when it is gone;
 *    6. a runner is draining whose place no earlier request waits for: wait for that;
 *    7. `MAX_OVERTAKES` later requests have got a slot: drain the least recently used busy model;
 *    8. otherwise wait.
 * 4. A runner has the weights and serves the request: grant a slot if one is free, else wait.
 * 5. A runner has the weights with other load options: drain it, and load when it is gone.
 *
 * Then every model that nobody uses or waits for is stopped if it drains, else its keep-alive timer starts. At last, a new request
 * that would have to wait where `maxQueue` wait already is rejected, and nothing else of the decision is kept.
 *
 * @param now milliseconds since the epoch.
 */
export function decide(state: State, event: SchedulerEvent, now: number): Decision {
  const transition = beginTransition(state, now);
  apply(transition, event);
  assign(transition);
  endIdle(transition);
  if (event.type === "request" && isOverfull(transition)) {
    return { state, effects: [{ type: "reject", request: event.id, error: busy() }] };
  }
  return endTransition(transition);
}

function apply(transition: Transition, event: SchedulerEvent): void {
  switch (event.type) {
    case "request":
      onRequest(transition, event);
      break;
    case "cancel":
      transition.waiters = transition.waiters.filter(({ id }) => id !== event.id);
      cancelDrainsFor(transition, event.id);
      break;
    case "unload":
      for (const resident of transition.residents) {
        if (resident.spec.weightsDigest === event.weights) drain(transition, resident, "unload");
      }
      break;
    case "shutdown":
      onShutdown(transition);
      break;
    default: {
      // An event of a runner that is gone already comes too late to matter.
      const resident = transition.residents.find(({ id }) => id === event.runner);
      if (resident !== undefined) onRunner(transition, resident, event);
    }
  }
}

type RunnerEvent = Extract<SchedulerEvent, { runner: RunnerId }>;

function onRunner(transition: Transition, resident: Resident, event: RunnerEvent): void {
  switch (event.type) {
    case "ready":
      if (resident.phase !== "loading") return;
      resident.phase = "ready";
      resident.info = event.info;
      break;
    case "gone":
      onGone(transition, resident, event);
      break;
    case "release":
      if (event.tokenizeOnly) resident.tokenizers--;
      else resident.active--;
      resident.lastUsed = ++transition.uses;
      break;
    case "expire":
      if (resident.expiresAt !== undefined) stop(transition, resident, { reason: "keep_alive" });
      break;
    default:
      event satisfies never;
  }
}

function onRequest(transition: Transition, event: Extract<SchedulerEvent, { type: "request" }>): void {
  const { type: _, ...request } = event;
  const waiter = { ...request, overtakes: 0 };
  transition.lastRequest = request.id;
  transition.waiters.push(waiter);
  if (transition.shuttingDown) reject(transition, waiter, shuttingDown());
}

/** A load that ended before it was ready fails every request that waited for it, unless memory was short and can be gained. */
function onGone(
  transition: Transition,
  resident: Resident,
  event: Extract<SchedulerEvent, { type: "gone" }>,
): void {
  const waiting = transition.waiters.filter((waiter) => serves(resident, waiter));
  clearExpiry(transition, resident);
  transition.residents = transition.residents.filter(({ id }) => id !== resident.id);
  if (resident.phase === "loading") {
    const retry = event.outOfMemory ? retryLaunch(transition, resident) : undefined;
    for (const waiter of waiting) {
      if (retry === undefined) reject(transition, waiter, event.error);
      else waiter.exclusive = retry;
    }
  }
  if (resident.phase === "ready" && event.outOfMemory) {
    for (const other of transition.residents) drain(transition, other, "memory");
  }
}

/** Spec: scheduler §1.6. Once, with a lower context if no request named one, and with all other models out of the way. */
function retryLaunch(transition: Transition, resident: Resident): Resident["launch"] | undefined {
  if (resident.retried) return undefined;
  const lower = withLowerContext(resident.launch);
  return lower ?? (transition.residents.length > 0 ? resident.launch : undefined);
}

function onShutdown(transition: Transition): void {
  transition.shuttingDown = true;
  for (const waiter of transition.waiters) reject(transition, waiter, shuttingDown());
  for (const resident of transition.residents) stop(transition, resident, { reason: "shutdown" });
}

/** Ends the models that nobody uses and that drain; starts the keep-alive timer of the others. */
function endIdle(transition: Transition): void {
  for (const resident of transition.residents) {
    if (!isIdle(transition, resident)) continue;
    const [first] = resident.drains;
    if (first !== undefined) stop(transition, resident, first);
    else if (resident.phase === "ready" && resident.expiresAt === undefined) {
      startKeepAlive(transition, resident);
    }
  }
}

/** A request whose own load is under way does not count as waiting, so that a cold start and a warm one admit the same number. */
function isOverfull({ waiters, residents, limits }: Transition): boolean {
  const startsLoad = (id: RequestId) => residents.some(({ loadedFor }) => loadedFor === id);
  return waiters.filter(({ id }) => !startsLoad(id)).length > limits.maxQueue;
}
