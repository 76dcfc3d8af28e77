import { defined } from "../../lib/defined.ts";
import type { KeepAlive } from "../../lib/duration.ts";
import { type Launch, launchDifferences } from "../launch.ts";
import type { MemoryUse } from "../memory.ts";
import type { LoadedInfo, LoadSpec, ResidentModel, WaitingRequest } from "../port.ts";
import type { RunnerId } from "../runner/runners.ts";
import type { UnloadReason } from "../totals.ts";
import { type CallerShare, estimateExpiry, fairOrder } from "./policy.ts";

/** Later requests have greater numbers, so it is the order of arrival too. */
export type RequestId = number;

export interface SchedulerLimits {
  /** Models in memory at a time, those that load or unload included. */
  maxLoaded: number;
  /** Requests that may wait, over all models and callers, for a load or for a slot. */
  maxQueue: number;
  /** Keep-alive of models for which no request has named one. */
  keepAlive: KeepAlive;
}

/** A request as it comes to the scheduler. */
export interface NewRequest {
  id: RequestId;
  spec: LoadSpec;
  launch: Launch;
  keepAlive?: KeepAlive;
  /** The caller; requests of one caller share its turns. */
  caller: string;
  /** The request has many inputs: interactive requests go before it. */
  batch: boolean;
  /** The request needs only the vocabulary: no slot, and no particular load options. */
  tokenizeOnly: boolean;
}

/** A request that waits. */
export interface Waiter extends NewRequest {
  /** When it began to wait, milliseconds since the epoch. */
  since: number;
  /** The batch has given up its slot of this runner for a while, and waits to get one back. */
  resumes?: RunnerId;
  /** Later requests that got their slot first. */
  overtakes: number;
  /** Memory did not suffice beside other models: load the model with this launch when no other model is in memory. */
  exclusive?: Launch;
}

/** Why a resident takes no request from request `from` on, and ends when the requests before that one are done. */
export interface Drain {
  from: RequestId;
  reason: UnloadReason;
  /** The request that needs the memory; absent when the resident ends for its own sake. */
  forRequest?: RequestId;
  /** For `reload`: the options that differ. */
  options?: string[];
}

/** A slot that is handed out. */
interface SlotLease {
  request: RequestId;
  caller: string;
  batch: boolean;
  /** Milliseconds since the epoch. */
  since: number;
  /** Milliseconds that its caller has been charged for it. */
  charged: number;
}

/** A model that has a runner process. At most one for the same weights. */
export interface Resident {
  id: RunnerId;
  /** From the request that loaded it. */
  spec: LoadSpec;
  launch: Launch;
  /** `stopping`: told to end, and still there until `gone`. */
  phase: "loading" | "ready" | "stopping";
  /** Set once ready. */
  info?: LoadedInfo;
  /** Slots handed out. */
  leases: readonly SlotLease[];
  /** Leases without a slot. */
  tokenizers: number;
  keepAlive: KeepAlive;
  /** Value of the use counter at its last use. */
  lastUsed: number;
  /** Memory that the runner occupies: estimated until it is ready. */
  memory: MemoryUse;
  /** When its load began, milliseconds since the epoch. */
  loadingSince: number;
  /** Mean milliseconds for which its slots were held, the latest ones counting most. Undefined: no slot has been given back yet. */
  meanSlotMs?: number;
  /** Whose request it was loaded for. */
  loadedFor: RequestId;
  /** Empty: it does not drain. Of several the one with the earliest request counts. */
  drains: readonly Drain[];
  /** When the running keep-alive timer ends, milliseconds since the epoch; `Infinity` when pinned. Only while idle. */
  expiresAt?: number;
  /** Its load is the second try, after memory ran short. */
  retried: boolean;
}

export interface State {
  readonly limits: SchedulerLimits;
  readonly residents: readonly Readonly<Resident>[];
  /** In the order of arrival. */
  readonly waiters: readonly Readonly<Waiter>[];
  readonly lastRequest: RequestId;
  readonly lastRunner: RunnerId;
  /** Callers that wait or have slots; the one in front has its turn. */
  readonly callers: readonly CallerShare[];
  /** Mean milliseconds that a slot was held, over all models: what one turn of a caller is worth. */
  readonly meanSlotMs: number;
  /** Mean milliseconds that a load took. */
  readonly meanLoadMs: number;
  /** Counts uses of residents, for `lastUsed`. */
  readonly uses: number;
  /** When the last place comes free that a refused request was promised, milliseconds since the epoch. */
  readonly promised: number;
  readonly shuttingDown: boolean;
}

/** Estimates for the time of a slot and of a load until one was measured. */
const INITIAL_SLOT_MS = 1000;
const INITIAL_LOAD_MS = 5000;

export function initialState(limits: SchedulerLimits): State {
  return {
    limits,
    residents: [],
    waiters: [],
    lastRequest: 0,
    lastRunner: 0,
    callers: [],
    meanSlotMs: INITIAL_SLOT_MS,
    meanLoadMs: INITIAL_LOAD_MS,
    uses: 0,
    promised: 0,
    shuttingDown: false,
  };
}

/** May this runner serve that request, now or when it has loaded or has a free slot? The vocabulary does not depend on load options. */
export function serves(resident: Resident, waiter: Waiter): boolean {
  if (waiter.resumes !== undefined) return resident.id === waiter.resumes;
  return (
    resident.phase !== "stopping" &&
    resident.spec.weightsDigest === waiter.spec.weightsDigest &&
    resident.drains.every(({ from }) => waiter.id < from) &&
    (waiter.tokenizeOnly || launchDifferences(resident.launch, waiter.launch).length === 0)
  );
}

export const isDraining = ({ drains }: Pick<Resident, "drains">): boolean => drains.length > 0;

export const hasFreeSlot = ({ phase, info, leases }: Resident): boolean =>
  phase === "ready" && info !== undefined && leases.length < info.parallel;

/**
 * May the request have a free slot of this runner? Of several slots batches leave one to interactive requests, which would otherwise wait
 * for the end of a whole answer for which no person waits. One that has waited for long has its turn among the interactive ones, for one of
 * the other slots.
 */
export function hasSlotFor(resident: Resident, waiter: Waiter): boolean {
  if (!hasFreeSlot(resident) || !serves(resident, waiter)) return false;
  const { leases, info } = resident;
  const batches = leases.filter(({ batch }) => batch).length;
  return !waiter.batch || batches < Math.max(1, (info?.parallel ?? 1) - 1);
}

/** The models in memory as the rest of llamero sees them, in the order in which they were loaded. */
export function describeResidents(state: State, now: number): ResidentModel[] {
  return state.residents.map((resident) => {
    const { spec, info, leases, keepAlive, expiresAt, memory } = resident;
    const leaving = resident.phase === "stopping" || isDraining(resident);
    const waiting = state.waiters.filter((waiter) => waiter.spec.weightsDigest === spec.weightsDigest).length;
    return {
      spec,
      state: leaving ? "unloading" : phaseOf(resident),
      ...defined({ info }),
      expiresAt: estimateExpiry(now, {
        keepAlive,
        leaving,
        ...defined({ expiresAt }),
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
export function describeQueue(state: State, now: number): WaitingRequest[] {
  const order = fairOrder(state.waiters, state.callers, state.meanSlotMs);
  return order.map((waiter) => ({
    model: waiter.spec.name,
    caller: waiter.caller,
    batch: waiter.batch,
    waitingMs: now - waiter.since,
    waitsFor: reasonOf(state, waiter),
  }));
}

function reasonOf(state: State, waiter: Waiter): WaitingRequest["waitsFor"] {
  const resident = state.residents.find((each) => serves(each, waiter));
  if (resident === undefined) return "room";
  return resident.phase === "loading" ? "load" : "slot";
}
