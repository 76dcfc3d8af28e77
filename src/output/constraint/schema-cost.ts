import type { Micros } from "../../lib/budget.ts";

/** Compiling one value of a schema's JSON, be it a keyword or a subschema. */
const VALUE_MICROS: Micros = 15;
/** A character of a pattern: its automaton may have a state for each repetition of it. */
const PATTERN_MICROS: Micros = 500;
/** A subschema that is combined with its neighbours. */
const COMBINED_MICROS: Micros = 200;

const COMBINING = new Set([
  "allOf",
  "oneOf",
  "not",
  "$ref",
  "propertyNames",
  "minProperties",
  "maxProperties",
]);
const PATTERNS = new Set(["pattern", "format", "patternProperties"]);

/** What a keyword costs on top of what its value costs. */
function keywordMicros(keyword: string, value: unknown): Micros {
  if (PATTERNS.has(keyword))
    return typeof value === "string" ? value.length * PATTERN_MICROS : PATTERN_MICROS;
  if (!COMBINING.has(keyword)) return 0;
  return (Array.isArray(value) ? value.length ** 2 : 1) * COMBINED_MICROS;
}

/** About what it costs to make a grammar of a schema, by its size and by the keywords that can cost much. */
export function schemaMicros(schema: unknown): Micros {
  let micros = 0;
  const waiting = [schema];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    micros += VALUE_MICROS;
    if (typeof value !== "object" || value === null) continue;
    for (const [key, member] of Object.entries(value)) {
      micros += keywordMicros(key, member);
      waiting.push(member);
    }
  }
  return micros;
}
