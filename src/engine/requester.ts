import type { TokensUsed, WorkKind } from "./used.ts";

/** Who asks for a model, and until when. */
export interface Requester {
  /** Cancels the wait, and the work. A load that others also wait for goes on. */
  signal: AbortSignal;
  /** Identity of the caller, such as the address of its machine. Undefined: nobody in particular. */
  caller?: string;
  /** A request without a person who waits for it: interactive requests go before it. Default false. */
  batch?: boolean;
  /** What logs call the request. */
  requestId?: string;
  /** Told once which installed model is asked for, and what for, before it is waited for. Undefined: nobody counts. */
  works?: ((kind: WorkKind, model: string) => void) | undefined;
  /** The texts of prompt and answer are wanted along with what they took. Default false. */
  wantsText?: boolean;
  /** Told once of each answer what it took. Undefined: nobody counts. */
  used?: ((tokens: TokensUsed) => void) | undefined;
}
