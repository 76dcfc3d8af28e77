import type { AcquireOptions, Lease, LoadSpec, Requester, TokenizerLease } from "../engine/port.ts";
import type { KeepAlive } from "../lib/duration.ts";
import type { InferenceDeps } from "./deps.ts";
import { loadSpecOf } from "./load-spec.ts";
import type { Plan } from "./plan.ts";

export const acquireOptions = (
  keepAlive: KeepAlive | undefined,
  { signal, caller }: Requester,
): AcquireOptions => ({
  signal,
  ...(caller !== undefined && { caller }),
  ...(keepAlive !== undefined && { keepAlive }),
});

const askFor = (
  { intent: { keepAlive }, model, load }: Plan,
  requester: Requester,
): [LoadSpec, AcquireOptions] => [loadSpecOf(model, load), acquireOptions(keepAlive, requester)];

/** A slot of the plan's model, loaded if need be. @throws AppError. */
export const acquireFor = (plan: Plan, { engine }: InferenceDeps, requester: Requester): Promise<Lease> =>
  engine.acquire(...askFor(plan, requester));

/** The vocabulary of the plan's model, loaded if need be; it waits for no slot. @throws AppError. */
export const acquireTokenizerFor = (
  plan: Plan,
  { engine }: InferenceDeps,
  requester: Requester,
): Promise<TokenizerLease> => engine.acquireTokenizer(...askFor(plan, requester));
