import { AppError } from "../lib/errors.ts";

/** The JSON of a stored blob. @param what for the error's text. @throws AppError `internal` when it is not JSON. */
export function parseStored(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new AppError("internal", `the stored ${what} are not JSON`, { cause: error });
  }
}
