import type { Expr } from "../../grammar/gbnf.ts";
import type { CallableTool } from "../call-syntax.ts";

/** The grammar of what follows the thinking; a part is undefined where the answer may not be of that kind. */
export interface AnswerCore {
  tools: readonly CallableTool[] | undefined;
  several: boolean;
  value: Expr | undefined;
}
