import type { AcquireOptions, Lease, LoadSpec, TokenizerLease } from "../engine/port.ts";
import type { KeepAlive } from "../lib/duration.ts";
import type { InferenceDeps } from "./deps.ts";
import { loadSpecOf } from "./load-spec.ts";
import type { Plan } from "./plan.ts";

/** @param signal cancels the wait for the model. */
export const acquireOptions = (keepAlive: KeepAlive | undefined, signal: AbortSignal): AcquireOptions => ({
  signal,
  ...(keepAlive !== undefined && { keepAlive }),
});

const askFor = (
  { intent: { keepAlive }, model, load }: Plan,
  signal: AbortSignal,
): [LoadSpec, AcquireOptions] => [loadSpecOf(model, load), acquireOptions(keepAlive, signal)];

/** A slot of the plan's model, loaded if need be. @throws AppError. */
export const acquireFor = (plan: Plan, { engine }: InferenceDeps, signal: AbortSignal): Promise<Lease> =>
  engine.acquire(...askFor(plan, signal));

/** The vocabulary of the plan's model, loaded if need be; it waits for no slot. @throws AppError. */
export const acquireTokenizerFor = (
  plan: Plan,
  { engine }: InferenceDeps,
  signal: AbortSignal,
): Promise<TokenizerLease> => engine.acquireTokenizer(...askFor(plan, signal));
