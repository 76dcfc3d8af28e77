import type { Notice, OutputFormat } from "../../intent/generate.ts";
import { jsonGrammar } from "../../prompt/grammar/json-grammar.ts";
import { schemaGrammar } from "../../prompt/grammar/schema-grammar.ts";

export interface FormatGrammar {
  /** GBNF; absent when the answer may be any text. */
  grammar?: string;
  /** What the schema asks for that no grammar enforces. */
  notices: Notice[];
}

/**
 * The grammar that keeps an answer to the requested format.
 *
 * @throws AppError `bad_request` for a schema that is invalid or cannot be enforced.
 */
export function grammarOf(format: OutputFormat | undefined): FormatGrammar {
  if (format === undefined) return { notices: [] };
  if (format.type === "json") return { grammar: jsonGrammar(), notices: [] };
  const { grammar, warnings } = schemaGrammar(format.schema);
  const notices = warnings.map(
    (warning): Notice => ({ code: "ignored_field", message: `format: ${warning}` }),
  );
  return { grammar, notices };
}
