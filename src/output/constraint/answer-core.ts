import type { Expr } from "../../grammar/gbnf.ts";
import type { CallableTool } from "../call-syntax.ts";

/** What follows the thinking, each part undefined where the answer may not be that. */
export interface AnswerCore {
  tools: readonly CallableTool[] | undefined;
  several: boolean;
  value: Expr | undefined;
}
