import type { Static, TObject } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { normalise } from "../../src/api/wire/normalise.ts";
import { refusalOf } from "../../src/api/wire/refusal.ts";

/** A request's JSON value as a route gets it: normalised and validated. @throws AppError what the client would be told. */
export function readRequest<T extends TObject>(schema: T, value: unknown): Static<T> {
  const request = normalise(schema, structuredClone(value) ?? {});
  const error = Value.Errors(schema, request).First();
  if (error !== undefined) throw refusalOf(error, schema, request);
  return request as Static<T>;
}
