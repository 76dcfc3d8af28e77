import type { Micros } from "../../lib/budget.ts";

/** The cost of compiling one value of a schema's JSON, be it a keyword or a subschema. */
const VALUE_MICROS: Micros = 15;
/** The cost of a keyword that needs an automaton, or that combines subschemas. */
const HARD_MICROS: Micros = 200;
/** The cost of a keyword whose work cannot be predicted: a short pattern may take a second. Too much to be tried in the server's own thread. */
const UNKNOWN_MICROS: Micros = 50_000;

const PATTERNS = new Set(["pattern", "format", "patternProperties", "propertyNames"]);
const COMBINING = new Set(["allOf", "oneOf", "not", "minProperties", "maxProperties"]);
/** Up to this many subschemas are combined in no time. */
const FEW = 4;

function isUnknown(keyword: string, value: unknown): boolean {
  if (PATTERNS.has(keyword)) return true;
  return COMBINING.has(keyword) && !(Array.isArray(value) && value.length <= FEW);
}

/** An estimate of the cost of making a grammar of a schema, by its size and its expensive keywords. */
export function schemaMicros(schema: unknown): Micros {
  let micros = 0;
  let unknown = false;
  const waiting = [schema];
  while (waiting.length > 0) {
    const value = waiting.pop();
    micros += VALUE_MICROS;
    if (typeof value !== "object" || value === null) continue;
    for (const [key, member] of Object.entries(value)) {
      if (PATTERNS.has(key) || COMBINING.has(key)) micros += HARD_MICROS;
      unknown ||= isUnknown(key, member);
      waiting.push(member);
    }
  }
  return unknown ? micros + UNKNOWN_MICROS : micros;
}
