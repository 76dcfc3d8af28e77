import { AppError } from "../../src/lib/errors.ts";

/** What becomes of a request whose batch llama.cpp refused. @param code of llama_decode. */
export const undecodable = (code: number): AppError =>
  new AppError("engine", `llama.cpp could not evaluate the batch (code ${code})`);
