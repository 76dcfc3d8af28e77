import { jsonInteger } from "../../lib/go-json.ts";
import { shortestFloat32 } from "./numbers.ts";
import type { GgufArray, GgufValue } from "./value.ts";

function elements(array: GgufArray): unknown[] {
  switch (array.of) {
    case "string":
      return [...array.value];
    case "bool":
      return Array.from(array.value, (value) => value !== 0);
    case "float32":
      return Array.from(array.value, shortestFloat32);
    case "uint64":
    case "int64":
      return Array.from(array.value, jsonInteger);
    default:
      return Array.from(array.value);
  }
}

/**
 * A metadata value for `model_info` of `/api/show`, ready for `JSON.stringify`: integers keep all their digits, 32-bit floats are
 * the decimals they were made from (docs/behaviour: registry-and-store §9).
 *
 * @param arrays false replaces arrays by null, as replies that are not verbose do.
 */
export function ggufJsonValue(value: GgufValue, arrays: boolean): unknown {
  if (value.type === "array") return arrays ? elements(value) : null;
  return value.type === "uint64" || value.type === "int64" ? jsonInteger(value.value) : value.value;
}
