import type { OutputFormat } from "../../intent/generate.ts";
import { RequestError } from "./request-error.ts";

/** A format of either endpoint. */
interface WireFormat {
  type: string;
  /** Its JSON Schema, wherever the endpoint has it. */
  schema: Record<string, unknown> | undefined;
}

/**
 * The format of an answer in the inner language (docs/behaviour: api-openai §3.1).
 *
 * @param param names the field in errors, and `schemaPath` where in it a schema belongs.
 * @throws AppError `bad_request` for an unknown format, or one without its schema.
 */
export function outputFormat(
  { type: given, schema }: WireFormat,
  { param, schemaPath }: { param: string; schemaPath: string },
): { format?: OutputFormat } {
  const type = given.trim().toLowerCase();
  if (type === "text") return {};
  // llama.cpp's server, and its clients, put a schema beside `json_object`.
  if (type === "json_object")
    return { format: schema === undefined ? { type: "json" } : { type: "schema", schema } };
  if (type !== "json_schema") {
    throw new RequestError(
      param,
      `${param} type must be "text", "json_object" or "json_schema", not ${JSON.stringify(type)}`,
    );
  }
  if (schema === undefined)
    throw new RequestError(param, `${param} of type json_schema needs a ${schemaPath}`);
  return { format: { type: "schema", schema } };
}
