import { firstCodePoints } from "../../lib/code-points.ts";
import { goQuote } from "./quote.ts";

export const KEYWORDS = [
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "range",
  "nil",
  "template",
  "with",
] as const;

type Keyword = (typeof KEYWORDS)[number];

export type TokenType =
  | Keyword
  | "error"
  | "eof"
  | "text"
  | "leftDelim"
  | "rightDelim"
  | "space"
  | "bool"
  | "char"
  | "charConstant"
  | "assign"
  | "declare"
  | "dot"
  | "field"
  | "identifier"
  | "leftParen"
  | "rightParen"
  | "number"
  | "pipe"
  | "rawString"
  | "string"
  | "variable";

export interface Token {
  type: TokenType;
  /** UTF-16 index in the template. */
  pos: number;
  /** Line of the token's start, from 1. */
  line: number;
  /** The source text; for `error`, the message. */
  text: string;
}

const SHOWN_BYTES = 10;
const isKeyword = (type: TokenType): boolean =>
  type === "dot" || (KEYWORDS as readonly string[]).includes(type);

/** A token as Go's parser names it in `unexpected … in …`. */
export function describeToken(token: Token): string {
  if (token.type === "eof") return "EOF";
  if (token.type === "error") return token.text;
  if (isKeyword(token.type)) return `<${token.text}>`;
  if (Buffer.byteLength(token.text) <= SHOWN_BYTES) return goQuote(token.text);
  return `${goQuote(firstCodePoints(token.text, SHOWN_BYTES))}...`;
}
