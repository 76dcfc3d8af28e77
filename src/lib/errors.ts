/**
 * Every failure that a client may see. `kind` is what the program decides on, `status` the HTTP status that fits it,
 * `message` the text for the user. Dialects turn it into their own envelope; nothing else invents status codes.
 */
export type ErrorKind =
  | "bad_request"
  | "not_found"
  | "unauthorized"
  | "forbidden"
  | "method_not_allowed"
  | "too_large"
  | "cancelled"
  | "rate_limited"
  | "busy"
  | "no_space"
  | "unsupported"
  | "read_only"
  | "engine"
  | "upstream"
  | "internal";

const STATUS: Record<ErrorKind, number> = {
  bad_request: 400,
  not_found: 404,
  unauthorized: 401,
  forbidden: 403,
  method_not_allowed: 405,
  too_large: 413,
  cancelled: 499,
  rate_limited: 429,
  busy: 503,
  no_space: 507,
  unsupported: 501,
  read_only: 507,
  engine: 500,
  upstream: 502,
  internal: 500,
};

/** All of them. */
export const ERROR_KINDS = Object.keys(STATUS) as ErrorKind[];

export class AppError extends Error {
  override readonly name = "AppError";
  readonly kind: ErrorKind;
  readonly status: number;
  /** Seconds after which it is worth to try again, where that is known. */
  readonly retryAfter?: number;

  constructor(
    kind: ErrorKind,
    message: string,
    options: { status?: number; cause?: unknown; retryAfter?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.status = options.status ?? STATUS[kind];
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
  }

  /** Any thrown value as an {@link AppError}; an unknown one becomes `internal` and is kept as the cause. */
  static from(error: unknown): AppError {
    if (error instanceof AppError) return error;
    if (error instanceof Error && error.name === "AbortError") {
      return cancelled(error);
    }
    return new AppError("internal", messageOf(error), { cause: error });
  }
}

/** The message of any thrown value. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const badRequest = (message: string): AppError => new AppError("bad_request", message);
/** The client has left, or has cancelled the request. */
export const cancelled = (cause?: unknown): AppError =>
  new AppError("cancelled", "request canceled", { cause });
export const shuttingDown = (): AppError => new AppError("busy", "the server is shutting down");
export const notFound = (message: string): AppError => new AppError("not_found", message);
