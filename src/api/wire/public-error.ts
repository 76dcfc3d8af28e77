import { AppError } from "../../lib/errors.ts";
import { withoutPaths } from "../../lib/without-paths.ts";

/**
 * A failure as a client may see it. The text of an unexpected error is hidden; the text of an error of the engine or the server loses the
 * directories in it. The other texts are written for clients, and may quote what the client sent.
 */
export function publicError(thrown: unknown): AppError {
  const error = AppError.from(thrown);
  if (error !== thrown && error.kind === "internal") {
    return new AppError("internal", "internal server error", { cause: thrown });
  }
  if (error.kind !== "internal" && error.kind !== "engine") return error;
  return new AppError(error.kind, withoutPaths(error.message), { status: error.status, cause: thrown });
}
