import type { Digest } from "../../lib/digest.ts";
import type { KeepAlive } from "../../lib/duration.ts";
import type { AppError } from "../../lib/errors.ts";
import type { MemoryUse } from "../memory.ts";
import type { LoadedInfo, LoadSpec } from "../port.ts";
import type { StopReason } from "../totals.ts";
import type { Caller } from "./fairness.ts";
import type { Launch } from "./policy.ts";

export type { StopReason };

/** Grows from request to request, so it is the order of arrival too. */
export type RequestId = number;
export type RunnerId = number;

export interface Limits {
  /** Models in memory at a time, those that load or unload included. */
  maxLoaded: number;
  /** Requests that may wait, over all models and callers, for a load or for a slot. */
  maxQueue: number;
  /** For models whose request names none. */
  keepAlive: KeepAlive;
}

export interface Waiter {
  id: RequestId;
  spec: LoadSpec;
  launch: Launch;
  keepAlive?: KeepAlive;
  /** Who asks; requests of one caller share its turns. */
  caller: string;
  /** Many inputs at once: interactive requests go before it. */
  batch: boolean;
  /** It needs the vocabulary and nothing else: no slot, and no particular load options. */
  tokenizeOnly: boolean;
  /** When it began to wait, milliseconds since the epoch. */
  since: number;
  /** It has given its slot of this runner up for a while, and waits to have one back. */
  resumes?: RunnerId;
  /** Later requests that got their slot first. */
  overtakes: number;
  /** Memory did not suffice beside other models: load the model without any beside it, and like this. */
  exclusive?: Launch;
}

/** Why a resident takes no request from `from` on, and ends when those before it are done. */
export interface Drain {
  from: RequestId;
  reason: StopReason;
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
  /** Of the request that loaded it. */
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
  /** What it occupies: estimated until it is ready. */
  memory: MemoryUse;
  /** When its load began, milliseconds since the epoch. */
  loadingSince: number;
  /** Mean milliseconds that its slots were held, recent ones counting most. Undefined: none has been given back. */
  meanSlotMs?: number;
  /** Whose request it was loaded for. */
  loadedFor: RequestId;
  /** Empty: it stays. The earliest one counts. */
  drains: readonly Drain[];
  /** When the running keep-alive timer ends, milliseconds since the epoch; `Infinity` when pinned. Only while idle. */
  expiresAt?: number;
  /** Its load is the second try, after memory ran short. */
  retried: boolean;
}

/** What a decision depends on besides the state and the event. */
export interface Surroundings {
  /** Milliseconds since the epoch. */
  now: number;
  /** Bytes of memory that new runners may take; `Infinity` where memory is not counted. */
  availableBytes: number;
}

export interface State {
  readonly limits: Limits;
  readonly residents: readonly Readonly<Resident>[];
  /** In the order of arrival. */
  readonly waiters: readonly Readonly<Waiter>[];
  readonly lastRequest: RequestId;
  readonly lastRunner: RunnerId;
  /** Callers that wait or have slots; the one in front has its turn. */
  readonly callers: readonly Caller[];
  /** Mean milliseconds that a slot was held, over all models: what one turn of a caller is worth. */
  readonly meanSlotMs: number;
  /** Mean milliseconds that a load took. */
  readonly meanLoadMs: number;
  /** Counts uses of residents, for `lastUsed`. */
  readonly uses: number;
  readonly shuttingDown: boolean;
}

export type SchedulerEvent =
  | {
      type: "request";
      id: RequestId;
      spec: LoadSpec;
      launch: Launch;
      keepAlive?: KeepAlive;
      caller: string;
      batch: boolean;
      tokenizeOnly: boolean;
    }
  /** The client has left before it got a lease. */
  | { type: "cancel"; id: RequestId }
  | { type: "ready"; runner: RunnerId; info: LoadedInfo }
  /** The process has ended, whatever the reason. `error` is for those who waited for its load. */
  | { type: "gone"; runner: RunnerId; error: AppError; outOfMemory: boolean }
  | { type: "release"; runner: RunnerId; request: RequestId; tokenizeOnly: boolean }
  /** A batch lets others have its slot; it waits to have one back, in the place that its arrival gives it. */
  | {
      type: "yield";
      runner: RunnerId;
      waiter: Omit<Waiter, "overtakes" | "since" | "tokenizeOnly" | "resumes">;
    }
  /** The keep-alive timer. */
  | { type: "expire"; runner: RunnerId }
  | { type: "unload"; weights: Digest }
  | { type: "shutdown" };

export type Effect =
  | { type: "grant"; request: RequestId; runner: RunnerId; info: LoadedInfo; tokenizeOnly: boolean }
  | { type: "reject"; request: RequestId; error: AppError }
  | { type: "load"; runner: RunnerId; spec: LoadSpec; launch: Launch }
  /** Ends the process; a `gone` event follows. */
  | { type: "stop"; runner: RunnerId; reason: StopReason; options?: string[] }
  | { type: "set_timer"; runner: RunnerId; ms: number }
  | { type: "clear_timer"; runner: RunnerId };

export interface Decision {
  state: State;
  effects: Effect[];
}

/** What is taken for the time of a slot and of a load before any was measured. */
const INITIAL_SLOT_MS = 1000;
const INITIAL_LOAD_MS = 5000;

export function initialState(limits: Limits): State {
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
    shuttingDown: false,
  };
}
