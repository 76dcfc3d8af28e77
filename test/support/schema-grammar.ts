import { type Grammar, GrammarBuilder } from "../../src/grammar/grammar-builder.ts";
import { anyObject } from "../../src/grammar/json-value.ts";

/** The grammar of one schema alone. */
export function schemaGrammar(schema: unknown): Grammar {
  const builder = new GrammarBuilder();
  return builder.build(builder.addSchema(schema, "value"));
}

/** The grammar for `format: "json"`: any JSON object. */
export function jsonGrammar(): string {
  const builder = new GrammarBuilder();
  return builder.build(anyObject(builder.book)).grammar;
}
