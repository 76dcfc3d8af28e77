import { defined } from "../lib/defined.ts";
import { AppError } from "../lib/errors.ts";

/** A failure of a registry, or of the connection to it. */
export const upstream = (message: string, cause?: unknown): AppError =>
  new AppError("upstream", message, defined({ cause }));

/** A refusal that tells whether another attempt can help, and when. */
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
