import { isOption, OPTIONS, type OptionType } from "../intent/option-table.ts";
import { requirePositiveContext } from "../intent/require-context.ts";
import { AppError, badRequest } from "../lib/errors.ts";
import { encodeSortedGoJson } from "../lib/go-json.ts";
import { isDeprecatedParameter } from "../modelfile/parameters.ts";
import { parseStored } from "./stored-json.ts";

/** PARAMETERs of a model; values are checked where they enter. */
export type ModelParameters = Record<string, unknown>;

/**
 * Checks the parameters of a create request. Null values are dropped, as everywhere in options. Numbers stay as they were sent.
 *
 * @returns the parameters, and which of them no engine honours any more: those are stored, because Ollama stores them.
 * @throws AppError 400 `unknown parameter '<k>'` or `option "<k>" must be of type …`.
 */
export function checkParameters(given: ModelParameters): {
  parameters: ModelParameters;
  deprecated: string[];
} {
  const entries = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  for (const [key, value] of entries) checkParameter(key, value);
  return {
    parameters: Object.fromEntries(entries),
    deprecated: entries.map(([key]) => key).filter(isDeprecatedParameter),
  };
}

function checkParameter(key: string, value: unknown): void {
  if (isDeprecatedParameter(key)) return;
  if (!isOption(key)) throw badRequest(`unknown parameter '${key}'`);
  const type = OPTIONS[key].type;
  if (!hasType(type, value)) throw badRequest(`option "${key}" must be of type ${type}`);
  if (Array.isArray(value) && !value.every((item) => typeof item === "string")) {
    throw badRequest(`option "${key}" must be of an array of strings`);
  }
  if (key === "num_ctx") requirePositiveContext(value);
}

function hasType(type: OptionType, value: unknown): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "boolean") return typeof value === "boolean";
  return typeof value === "number" && Number.isFinite(value);
}

/** The parameters blob: sorted keys, Go's escapes, a newline at the end (docs/behaviour: registry-and-store §3). */
export function renderParameters(parameters: ModelParameters): string {
  return `${encodeSortedGoJson(parameters)}\n`;
}

/** Reads a parameters blob, ours or a registry's. @throws AppError `internal` when it is no JSON object. */
export function parseParameters(json: string): ModelParameters {
  const value = parseStored(json, "parameters");
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new AppError("internal", "the stored parameters are not a JSON object");
}
