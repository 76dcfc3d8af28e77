import { isPrintable } from "./chars.ts";
import { GoTemplateError } from "./error.ts";

const NAMED: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92 };
const NAMED_BACK = new Map(Object.entries(NAMED).map(([name, code]) => [code, name]));
const HEX_DIGITS: Record<string, number> = { x: 2, u: 4, U: 8 };
const decoder = new TextDecoder();

/** One character of a Go literal: a code point, or a raw byte (`\xff`, `\377`) that is part of some UTF-8 sequence. */
interface Unit {
  code: number;
  isByte: boolean;
  next: number;
}

const invalid = (): never => {
  throw new GoTemplateError("invalid syntax");
};

function numericEscape(text: string, start: number, digits: number, radix: number): number {
  const run = text.slice(start, start + digits);
  const legal = radix === 16 ? /^[0-9a-fA-F]+$/ : /^[0-7]+$/;
  if (run.length !== digits || !legal.test(run)) return invalid();
  return Number.parseInt(run, radix);
}

function escapedUnit(text: string, at: number, quote: string): Unit {
  const char = text[at] ?? "";
  const named = NAMED[char];
  if (named !== undefined) return { code: named, isByte: false, next: at + 1 };
  if (char === quote) return { code: char.charCodeAt(0), isByte: false, next: at + 1 };
  const digits = HEX_DIGITS[char];
  if (digits !== undefined) {
    const code = numericEscape(text, at + 1, digits, 16);
    const surrogate = code >= 0xd800 && code < 0xe000;
    if (char !== "x" && (code > 0x10ffff || surrogate)) return invalid();
    return { code, isByte: char === "x", next: at + 1 + digits };
  }
  if (char < "0" || char > "7") return invalid();
  const code = numericEscape(text, at, 3, 8);
  return code > 255 ? invalid() : { code, isByte: true, next: at + 3 };
}

function readUnit(text: string, at: number, quote: string): Unit {
  const code = text.codePointAt(at);
  if (code === undefined || text[at] === quote || code === 10) return invalid();
  if (code !== 92) return { code, isByte: false, next: at + (code > 0xffff ? 2 : 1) };
  return escapedUnit(text, at + 1, quote);
}

/**
 * The value of a Go string literal, quotes included: `"a\n"` or `` `raw` ``. Bytes that form no UTF-8 become U+FFFD.
 * @throws GoTemplateError `invalid syntax`, as `strconv.Unquote` does.
 */
export function unquote(literal: string): string {
  if (literal.startsWith("`")) return literal.slice(1, -1).replaceAll("\r", "");
  let text = "";
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length > 0) text += decoder.decode(Uint8Array.from(bytes));
    bytes = [];
  };
  for (let at = 1; at < literal.length - 1; ) {
    const unit = readUnit(literal, at, '"');
    if (unit.isByte) {
      bytes.push(unit.code);
    } else {
      flush();
      text += String.fromCodePoint(unit.code);
    }
    at = unit.next;
  }
  flush();
  return text;
}

/** The code point of a Go character literal, quotes included. */
export function unquoteChar(literal: string): number {
  const unit = readUnit(literal, 1, "'");
  if (literal.slice(unit.next) !== "'") throw new GoTemplateError(`malformed character constant: ${literal}`);
  return unit.code;
}

function quotedChar(char: string, quote: string, asciiOnly: boolean): string {
  const code = char.codePointAt(0) ?? 0;
  if (char === quote || char === "\\") return `\\${char}`;
  if (isPrintable(char) && (!asciiOnly || code < 0x80)) return char;
  const named = NAMED_BACK.get(code);
  if (named !== undefined) return `\\${named}`;
  const hex = code.toString(16);
  if (code < 0x20 || code === 0x7f) return `\\x${hex.padStart(2, "0")}`;
  return code > 0xffff ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
}

/** Go's `strconv.Quote`; with `asciiOnly`, `strconv.QuoteToASCII`. */
export const goQuote = (text: string, asciiOnly = false): string =>
  `"${Array.from(text.toWellFormed(), (char) => quotedChar(char, '"', asciiOnly)).join("")}"`;

/** Go's `strconv.QuoteRune`. */
export const goQuoteRune = (code: number): string =>
  `'${quotedChar(String.fromCodePoint(code), "'", false)}'`;
