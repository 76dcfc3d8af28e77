import type { Expr } from "../grammar/gbnf.ts";
import type { RuleBook } from "../grammar/rule-book.ts";
import type { DeclaredTools } from "./declared-tools.ts";
import type { Feed, Reading } from "./feed.ts";
import type { PartWriter } from "./part-writer.ts";

/** The objects that a syntax reads calls with: the text, the parts that come of it, and the tools of the request. */
export interface ReadContext {
  feed: Feed;
  out: PartWriter;
  tools: DeclaredTools;
}

/** A tool, with the grammar expressions for its arguments. */
export interface CallableTool {
  name: string;
  /** Its arguments as one JSON object. */
  arguments: Expr;
  /** Its arguments one by one, in the order of the schema. */
  parameters(): readonly CallableParameter[];
}

export interface CallableParameter {
  name: string;
  required: boolean;
  /** Its value in JSON. */
  value: Expr;
  /**
   * How its value is written without quotes, for syntaxes that mark it by other means. `text`: any text; a list: one of those
   * texts; `json`: as JSON, which is then certain to be read as such. Undefined: what would be read is not certain.
   */
  bare: "text" | "json" | readonly string[] | undefined;
}

/** One way in which models write tool calls. */
export interface CallSyntax {
  /** Texts that open a block of calls. */
  readonly opens: readonly string[];
  /** Further texts with a meaning; like those that open, they may be control tokens of the vocabulary. */
  readonly marks: readonly string[];
  /** The texts of `opens` count at the beginning of a line only. */
  readonly lineStart?: boolean;
  /**
   * Reads a block behind `open`, which has been taken from the feed. A block that is no call goes out as text, with `open` in front of
   * it: nothing that the model wrote is lost.
   */
  read(open: string, context: ReadContext): Reading;
  /**
   * Grammar of one block with a call of one of `tools`; with `several`, one call or more. Absent: no model is made to write this syntax.
   */
  grammar?(book: RuleBook, tools: readonly CallableTool[], several: boolean): Expr;
}
