import type { Notice } from "../intent/generate.ts";
import {
  type AnswerDemands,
  type AnswerGrammar,
  answerGrammar,
} from "../output/constraint/answer-grammar.ts";

export interface DemandedGrammar {
  /** Absent when the answer may be any text. */
  grammar?: AnswerGrammar;
  /** What is demanded and no grammar enforces. */
  notices: Notice[];
}

/**
 * The grammar that keeps an answer to the format and the tool choice of a request.
 *
 * @throws AppError `bad_request` for a schema that is invalid or cannot be enforced.
 */
export function grammarOf(demands: AnswerDemands): DemandedGrammar {
  const grammar = answerGrammar(demands);
  if (grammar === undefined) return { notices: [] };
  const notices = grammar.warnings.map(
    (warning): Notice => ({ code: "ignored_field", message: `format: ${warning}` }),
  );
  return { grammar, notices };
}
