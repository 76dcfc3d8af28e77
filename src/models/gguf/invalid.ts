import { type AppError, badRequest } from "../../lib/errors.ts";

/** The one form of every complaint about a GGUF: 400 with what is wrong and, where there is one, at which byte. */
export function invalidGguf(problem: string, offset?: number): AppError {
  return badRequest(`invalid GGUF: ${problem}${offset === undefined ? "" : ` at offset ${offset}`}`);
}
