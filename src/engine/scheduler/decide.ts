import { shuttingDown } from "../../lib/errors.ts";
import { lowerContexts } from "../launch.ts";
import { measuredMemory } from "../memory.ts";
import type { RunnerId } from "../runner/runners.ts";
import { assign } from "./assign.ts";
import { withCaller, withoutIdle } from "./policy.ts";
import { refuseFull } from "./retry-after.ts";
import { isDraining, type RequestId, type Resident, type State, serves, type Waiter } from "./state.ts";
import {
  beginTransition,
  cancelDrainsFor,
  clearExpiry,
  type DecisionInputs,
  drainRunner,
  endSlotLease,
  endTransition,
  isIdle,
  mean,
  reject,
  removeWaiter,
  type SchedulerDecision,
  type SchedulerEvent,
  startKeepAlive,
  stopRunner,
  type Transition,
} from "./transition.ts";

/**
 * Decides what happens after an event: the new state, and the effects to carry out. Pure: the same input gives the same answer, and the
 * given state is not changed.
 *
 * After every event the waiting requests are looked at ({@link assign}):
 *
 * 1. The server is shutting down: reject them.
 * 2. A request for the vocabulary whose weights a runner has: grant it; it needs no slot.
 * 3. A free slot of a runner, and requests that this runner serves: grant it to an interactive one before a batch, to callers by
 *    deficit round robin, and of one caller to the first that came. Repeat while there are free slots. Of several slots batches leave
 *    one ({@link hasSlotFor}).
 * 4. A runner serves the request, and has no free slot: wait. So does a request behind another one for the same weights that no runner
 *    serves.
 * 5. A runner has the weights with other load options, or is draining: drain it, and load when it is gone.
 * 6. No runner has the weights:
 *    1. an earlier request needs all memory for its model: wait;
 *    2. a load ran out of memory beside other models: drain those, and load when they are gone;
 *    3. the model would not fit into memory without any other: take a lower context length, or reject the request;
 *    4. there is a place (`maxLoaded`) and memory: load;
 *    5. there is room when the runners are gone that are stopping, and no earlier request waits for it: wait for that;
 *    6. idle models have what is missing: evict as many as it takes, the least recently used first, and load when they are gone;
 *    7. `MAX_OVERTAKES` later requests have got a slot: drain busy models, the least recently used first;
 *    8. otherwise wait for a model that drains or becomes idle.
 *
 * Then every model that nobody uses or waits for is stopped if it drains, else its keep-alive timer starts. At last, a new request that
 * would have to wait while `maxQueue` requests wait already is rejected ({@link refuseFull}), and the rest of the decision is dropped.
 */
export function decide(state: State, event: SchedulerEvent, inputs: DecisionInputs): SchedulerDecision {
  const transition = beginTransition(state, inputs);
  apply(transition, event);
  stopDrained(transition);
  assign(transition);
  stopDrained(transition);
  startKeepAlives(transition);
  forgetCallers(transition);
  if (event.type === "request" && isOverfull(transition)) {
    const refusal = refuseFull(state, inputs.now);
    return {
      state: refusal.state,
      effects: [{ type: "reject", request: event.id, error: refusal.error }],
    };
  }
  return endTransition(transition);
}

function apply(transition: Transition, event: SchedulerEvent): void {
  switch (event.type) {
    case "request":
      onRequest(transition, event);
      break;
    case "cancel":
      removeWaiter(transition, event.id);
      cancelDrainsFor(transition, event.id);
      break;
    case "unload":
      for (const resident of transition.residents) {
        if (resident.spec.weightsDigest === event.weights) drainRunner(transition, resident, "unload");
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
      resident.memory = measuredMemory(event.info, resident.launch);
      transition.meanLoadMs = mean(transition.meanLoadMs, transition.now - resident.loadingSince);
      break;
    case "gone":
      onGone(transition, resident, event);
      break;
    case "release":
      if (event.tokenizeOnly) resident.tokenizers--;
      else endSlotLease(transition, resident, event.request);
      resident.lastUsed = ++transition.uses;
      break;
    case "yield":
      endSlotLease(transition, resident, event.waiter.id);
      addWaiter(transition, { ...event.waiter, tokenizeOnly: false, resumes: resident.id });
      break;
    case "expire":
      if (resident.expiresAt !== undefined) stopRunner(transition, resident, { reason: "keep_alive" });
      break;
    default:
      event satisfies never;
  }
}

function onRequest(transition: Transition, event: Extract<SchedulerEvent, { type: "request" }>): void {
  const { type: _, ...request } = event;
  transition.lastRequest = request.id;
  addWaiter(transition, request);
}

/** Puts a request into the queue, in the order of arrival. */
function addWaiter(transition: Transition, request: Omit<Waiter, "since" | "overtakes">): void {
  const waiter: Waiter = { ...request, since: transition.now, overtakes: 0 };
  transition.waiters = [...transition.waiters, waiter].toSorted((a, b) => a.id - b.id);
  transition.callers = withCaller(transition.callers, waiter.caller, transition.meanSlotMs);
  if (transition.shuttingDown) reject(transition, waiter, shuttingDown());
}

type GoneEvent = Extract<SchedulerEvent, { type: "gone" }>;

/** A runner that ended before it was ready fails every request that waited for it, unless it lacked memory that can be freed. */
function onGone(transition: Transition, resident: Resident, event: GoneEvent): void {
  const waiting = transition.waiters.filter((waiter) => serves(resident, waiter));
  clearExpiry(transition, resident);
  transition.residents = transition.residents.filter(({ id }) => id !== resident.id);
  const retry =
    resident.phase === "loading" && event.outOfMemory ? retryLaunch(transition, resident) : undefined;
  for (const waiter of waiting) {
    if (waiter.resumes !== undefined) reject(transition, waiter, event.error);
    else if (resident.phase === "loading" && retry === undefined) reject(transition, waiter, event.error);
    else if (retry !== undefined) waiter.exclusive = retry;
  }
  if (resident.phase === "ready" && event.outOfMemory) {
    for (const other of transition.residents) drainRunner(transition, other, "memory");
  }
}

/** docs/behaviour: scheduler §1.6. Once, with a lower context if no request named one, and with all other models out of the way. */
function retryLaunch(transition: Transition, resident: Resident): Resident["launch"] | undefined {
  if (resident.retried) return undefined;
  const [lower] = lowerContexts(resident.spec, resident.launch);
  return lower ?? (transition.residents.length > 0 ? resident.launch : undefined);
}

function onShutdown(transition: Transition): void {
  transition.shuttingDown = true;
  for (const waiter of transition.waiters) reject(transition, waiter, shuttingDown());
  for (const resident of transition.residents) stopRunner(transition, resident, { reason: "shutdown" });
}

function stopDrained(transition: Transition): void {
  for (const resident of transition.residents) {
    const [first] = resident.drains;
    if (first !== undefined && isIdle(transition, resident)) stopRunner(transition, resident, first);
  }
}

function startKeepAlives(transition: Transition): void {
  for (const resident of transition.residents) {
    if (resident.phase !== "ready" || isDraining(resident) || resident.expiresAt !== undefined) continue;
    if (isIdle(transition, resident)) startKeepAlive(transition, resident);
  }
}

function forgetCallers(transition: Transition): void {
  const waiting = new Set(transition.waiters.map(({ caller }) => caller));
  const leases = transition.residents.flatMap((resident) => resident.leases);
  transition.callers = withoutIdle(transition.callers, waiting, new Set(leases.map(({ caller }) => caller)));
}

/**
 * A request whose own load is under way does not count as waiting, so that a cold start and a warm one admit the same number; nor does
 * a batch that has given its slot up for a while.
 */
function isOverfull({ waiters, residents, limits }: Transition): boolean {
  const startsLoad = (id: RequestId) => residents.some(({ loadedFor }) => loadedFor === id);
  const counted = waiters.filter(({ id, resumes }) => resumes === undefined && !startsLoad(id));
  return counted.length > limits.maxQueue;
}
