import type { TokensUsed, WorkKind } from "./used.ts";

/** The request that wants a model, its caller, and the signal that ends it. */
export interface Requester {
  /** Cancels the wait, and the work. A load that others also wait for goes on. */
  signal: AbortSignal;
  /** Identity of the caller, such as the address of its machine. Undefined: nobody in particular. */
  caller?: string;
  /** A request without a person who waits for it: interactive requests go before it. Default false. */
  batch?: boolean;
  /** Id of the request, as logs have it. */
  requestId?: string;
  /** Called once, before the wait, with the installed model and the kind of work. Undefined: it is not counted. */
  works?: ((kind: WorkKind, model: string) => void) | undefined;
  /** `used` gets the texts of prompt and answer as well. Default false. */
  wantsText?: boolean;
  /** Called once for each answer with the tokens and times that it took. Undefined: they are not counted. */
  used?: ((tokens: TokensUsed) => void) | undefined;
}
