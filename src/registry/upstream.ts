import { defined } from "../lib/defined.ts";
import { AppError } from "../lib/errors.ts";

/** What a registry, or the way to it, did wrong. */
export const upstream = (message: string, cause?: unknown): AppError =>
  new AppError("upstream", message, defined({ cause }));

/** A failure of which the registry has said more: whether another attempt can help, and when. */
export class RegistryRefusal extends AppError {
  /** Another attempt does not help. */
  readonly isLasting: boolean;
  /** The pause that the registry asks for, in milliseconds. */
  readonly retryAfterMs: number;

  constructor(message: string, more: { isLasting?: boolean; retryAfterMs?: number; cause?: unknown } = {}) {
    super("upstream", message, defined({ cause: more.cause }));
    this.isLasting = more.isLasting ?? false;
    this.retryAfterMs = more.retryAfterMs ?? 0;
  }
}
