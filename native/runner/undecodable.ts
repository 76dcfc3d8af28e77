import { AppError } from "../../src/lib/errors.ts";

/**
 * The error for a request whose batch llama.cpp refused.
 *
 * @param code of llama_decode.
 * @param detail llama.cpp's own words, where it has any.
 */
export const undecodable = (code: number, detail = ""): AppError =>
  new AppError(
    "engine",
    `llama.cpp could not evaluate the batch (code ${code})${detail === "" ? "" : `: ${detail}`}`,
  );
