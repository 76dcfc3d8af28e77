import type { LlameroError } from "./error.ts";

/** The result of a call of {@link Client.api}: the reply's value, or the failure as a value. `headers` has the server's `warning`. */
export type Result<T> =
  | { data: T; error: null; headers: Headers }
  | { data: null; error: LlameroError; headers: Headers };

/** The value of a result. @throws LlameroError the failure, for callers that rather catch. */
export function unwrap<T>(result: Result<T>): T {
  if (result.error !== null) throw result.error;
  return result.data;
}
