/**
 * Any failure of a request. `message` is the server's own text where it sent one.
 */
export class LlameroError extends Error {
  override readonly name = "LlameroError";
  /** The HTTP status; 0 when no reply came at all, 200 when the failure came as a line of a stream. */
  readonly status: number;
  /** The HTTP reason phrase, e.g. `Bad Request`; "" where there is none. */
  readonly statusText: string;

  constructor(status: number, message: string, options: { statusText?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.statusText = options.statusText ?? "";
  }
}

/**
 * The text of `error` in a JSON value, if it has one: a text in the native API, an object with a message below /v1.
 *
 * @internal
 */
export function errorText(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("error" in value)) return undefined;
  const { error } = value;
  const said = typeof error === "object" && error !== null && "message" in error ? error.message : error;
  return typeof said === "string" ? said : JSON.stringify(error);
}
