import { isOption, OPTIONS } from "../intent/option-table.ts";
import { ModelfileError } from "./instruction.ts";

const DEPRECATED = new Set([
  "penalize_newline",
  "low_vram",
  "f16_kv",
  "logits_all",
  "vocab_only",
  "use_mlock",
  "mirostat",
  "mirostat_tau",
  "mirostat_eta",
]);
const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const LARGEST_FLOAT32 = 3.4028234663852886e38;

export type ParameterValue = number | boolean | string;
export type ParsedParameters = Record<string, number | boolean | string[]>;

/** Is that a parameter whose name Ollama still accepts, and then ignores? */
export function isDeprecatedParameter(key: string): boolean {
  return DEPRECATED.has(key);
}

/**
 * A PARAMETER's text in its type (docs/behaviour: modelfile §1.6). An integer may be written with an exponent, because that is how
 * Ollama's own `show --modelfile` prints one from a million upwards; one that a double cannot hold exactly is refused.
 *
 * @throws ModelfileError `unknown parameter '<k>'` or `invalid int|float|bool value [<x>]`.
 */
export function parseParameter(key: string, text: string): ParameterValue {
  if (!isOption(key)) throw new ModelfileError(`unknown parameter '${key}'`);
  const { type } = OPTIONS[key];
  if (type === "array") return text;
  if (type === "integer") return decimal(text, "int", Number.isSafeInteger);
  if (type === "float32") return decimal(text, "float", (value) => Math.abs(value) <= LARGEST_FLOAT32);
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw new ModelfileError(`invalid bool value [${text}]`);
}

/**
 * All PARAMETERs of a Modelfile together: `stop` accumulates, of the others the last one wins.
 *
 * @param onDeprecated told about a parameter that is skipped because it no longer has an effect.
 * @throws ModelfileError as {@link parseParameter}.
 */
export function collectParameters(
  pairs: readonly { key: string; value: string }[],
  onDeprecated: (key: string) => void,
): ParsedParameters {
  const parameters: ParsedParameters = {};
  const stop: string[] = [];
  for (const { key, value } of pairs) {
    if (isDeprecatedParameter(key)) {
      onDeprecated(key);
      continue;
    }
    const parsed = parseParameter(key, value);
    if (typeof parsed === "string") stop.push(parsed);
    else parameters[key] = parsed;
  }
  if (stop.length > 0) parameters.stop = stop;
  return parameters;
}

function decimal(text: string, type: "int" | "float", accepts: (value: number) => boolean): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!accepts(value)) throw new ModelfileError(`invalid ${type} value [${text}]`);
  return value;
}
