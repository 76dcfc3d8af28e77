import { AppError } from "../lib/errors.ts";

/** The JSON of a stored blob. @param what names the blob in the error. @throws AppError `internal` when it is not JSON. */
export function parseStored(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new AppError("internal", `the stored ${what} are not JSON`, { cause: error });
  }
}
