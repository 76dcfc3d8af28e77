import { type AppError, cancelled } from "../../lib/errors.ts";
import type { Effect, RequestId } from "./state.ts";

export type Grant = Extract<Effect, { type: "grant" }>;

interface Waiting {
  granted(grant: Grant): void;
  rejected(error: AppError): void;
  stopListening(): void;
}

/** The promises of the requests that wait for what the scheduler decides. */
export class WaitingRequests {
  readonly #waiting = new Map<RequestId, Waiting>();

  /**
   * @param signal ends the wait with `cancelled`, and calls `onCancel`.
   * @param onGrant makes of the grant what the request gets.
   */
  add<T>(id: RequestId, signal: AbortSignal, onGrant: (grant: Grant) => T, onCancel: () => void): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const onAbort = () => {
      this.#waiting.delete(id);
      reject(cancelled());
      onCancel();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    this.#waiting.set(id, {
      granted: (grant) => resolve(onGrant(grant)),
      rejected: reject,
      stopListening: () => signal.removeEventListener("abort", onAbort),
    });
    return promise;
  }

  /** The request's wait has come to an end; one of `granted` and `rejected` is called with how. */
  take(id: RequestId): Pick<Waiting, "granted" | "rejected"> {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) throw new Error(`nobody waits for request ${id}`);
    this.#waiting.delete(id);
    waiting.stopListening();
    return waiting;
  }
}
