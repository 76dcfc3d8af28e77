import type { OutputFormat } from "../../intent/generate.ts";
import { isRecord } from "../../lib/is-record.ts";
import { RequestError } from "./request-error.ts";

export interface FormatPlace {
  /** The field, for errors. */
  param: string;
  /** Where a format of type `json_schema` has its schema: a path such as `json_schema.schema`. */
  schemaPath: string;
}

function schemaOf(format: unknown, { param, schemaPath }: FormatPlace): OutputFormat {
  const schema = schemaPath
    .split(".")
    .reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), format);
  if (isRecord(schema)) return { type: "schema", schema };
  throw new RequestError(param, `${param} of type json_schema needs a ${schemaPath}`);
}

/**
 * The format that an answer is to have; spec: api-openai §3.1, where others than these mean none.
 *
 * @throws AppError `bad_request` for a format that there is not.
 */
export function outputFormat(format: unknown, place: FormatPlace): { format?: OutputFormat } {
  const { param } = place;
  if (format === undefined) return {};
  if (!isRecord(format)) throw new RequestError(param, `${param} must be an object`);
  const type = typeof format.type === "string" ? format.type.trim().toLowerCase() : format.type;
  if (type === "text") return {};
  if (type === "json_object") return { format: { type: "json" } };
  if (type === "json_schema") return { format: schemaOf(format, place) };
  throw new RequestError(
    param,
    `${param} type must be "text", "json_object" or "json_schema", not ${JSON.stringify(type)}`,
  );
}
