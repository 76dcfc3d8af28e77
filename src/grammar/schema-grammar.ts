import { type Grammar, GrammarBuilder } from "./grammar-builder.ts";

/**
 * The grammar for `format: <JSON Schema>`. Every text that it accepts is JSON that fulfils the schema, but for what the
 * warnings name; properties come in the order in which the schema declares them.
 * @throws AppError 400 that names the keyword and its place for whatever can neither be enforced nor left to a warning.
 */
export function schemaGrammar(schema: unknown): Grammar {
  const builder = new GrammarBuilder();
  return builder.build(builder.addSchema(schema, "value"));
}
