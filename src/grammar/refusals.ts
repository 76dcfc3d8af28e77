import { type AppError, badRequest } from "../lib/errors.ts";

/** A keyword that exists in JSON Schema and that no grammar of ours can enforce. `path` is a JSON pointer such as `#/items`. */
export const unsupportedKeyword = (keyword: string, path: string, why?: string): AppError =>
  badRequest(`unsupported JSON Schema keyword "${keyword}" at ${path}${why === undefined ? "" : `: ${why}`}`);

/** A schema that JSON Schema itself does not allow. */
export const invalid = (path: string, why: string): AppError =>
  badRequest(`invalid JSON Schema at ${path}: ${why}`);

/** A schema that no JSON value of finite size fulfils. */
export const unsatisfiable = (why: string): AppError => badRequest(`JSON Schema cannot be satisfied: ${why}`);

export const schemaTooLarge = (why: string): AppError => badRequest(`JSON Schema is too large: ${why}`);
