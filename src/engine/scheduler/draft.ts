import type { AppError } from "../../lib/errors.ts";
import { launchDifferences } from "./reload.ts";
import type {
  Closing,
  Decision,
  Effect,
  Limits,
  RequestId,
  Resident,
  State,
  StopReason,
  Waiter,
} from "./state.ts";

/** A copy of the state that one decision may change, and the effects it has come to. Never leaves `decide`. */
export interface Draft {
  readonly limits: Limits;
  residents: Resident[];
  waiters: Waiter[];
  lastRequest: RequestId;
  lastRunner: number;
  uses: number;
  closed: boolean;
  readonly effects: Effect[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function openDraft(state: State, now: number): Draft {
  return {
    ...state,
    residents: state.residents.map((resident) => ({ ...resident })),
    waiters: state.waiters.map((waiter) => ({ ...waiter })),
    effects: [],
    now,
  };
}

export function closeDraft({ effects, now: _, ...state }: Draft): Decision {
  return { state, effects };
}

/** May this runner serve that request, now or when it has loaded or has a free slot? A vocabulary is the same however it is loaded. */
export function serves(resident: Resident, waiter: Waiter): boolean {
  return (
    resident.phase !== "stopping" &&
    resident.spec.weightsDigest === waiter.spec.weightsDigest &&
    resident.closings.every(({ from }) => waiter.id < from) &&
    (waiter.slotless || launchDifferences(resident.launch, waiter.launch).length === 0)
  );
}

/** Does anybody use it or wait for it? */
export function isIdle(draft: Draft, resident: Resident): boolean {
  return (
    resident.phase !== "stopping" &&
    resident.active === 0 &&
    resident.readers === 0 &&
    !draft.waiters.some((waiter) => serves(resident, waiter))
  );
}

export function stop(draft: Draft, resident: Resident, why: Pick<Closing, "reason" | "options">): void {
  if (resident.phase === "stopping") return;
  clearExpiry(draft, resident);
  resident.phase = "stopping";
  const { reason, options } = why;
  draft.effects.push({ type: "stop", runner: resident.id, reason, ...(options ? { options } : {}) });
}

/** It ends when all that has asked for it so far is done. */
export function closeTo(draft: Draft, resident: Resident, reason: StopReason): void {
  if (resident.closings.some(({ makesWayFor }) => makesWayFor === undefined)) return;
  resident.closings = [...resident.closings, { from: draft.lastRequest + 1, reason }];
}

/** It ends for the sake of `waiter`, when all that came before is done. */
export function closeFor(resident: Resident, waiter: Waiter, reason: StopReason, options?: string[]): void {
  if (resident.closings.some(({ makesWayFor }) => makesWayFor === waiter.id)) return;
  const closing = { from: waiter.id, makesWayFor: waiter.id, reason, ...(options ? { options } : {}) };
  resident.closings = [...resident.closings, closing];
}

/** Takes back what was closed for the sake of a request that no longer needs it. */
export function reopen(draft: Draft, request: RequestId): void {
  for (const resident of draft.residents) {
    resident.closings = resident.closings.filter(({ makesWayFor }) => makesWayFor !== request);
  }
}

export function clearExpiry(draft: Draft, resident: Resident): void {
  if (resident.expiresAt === undefined) return;
  if (resident.expiresAt !== Number.POSITIVE_INFINITY) {
    draft.effects.push({ type: "clear_timer", runner: resident.id });
  }
  delete resident.expiresAt;
}

export function reject(draft: Draft, waiter: Waiter, error: AppError): void {
  draft.waiters = draft.waiters.filter(({ id }) => id !== waiter.id);
  reopen(draft, waiter.id);
  draft.effects.push({ type: "reject", request: waiter.id, error });
}
