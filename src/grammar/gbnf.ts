import type { CodePoints } from "./code-points.ts";

/** One right-hand side of llama.cpp's grammar language GBNF. */
export type Expr =
  | { kind: "literal"; text: string }
  | { kind: "set"; set: CodePoints }
  | { kind: "ref"; name: string }
  | { kind: "sequence"; items: readonly Expr[] }
  | { kind: "choice"; options: readonly Expr[] }
  /** `item` is a single-symbol expression; use `RuleBook.repeat` to make one. */
  | { kind: "repeat"; item: Expr; min: number; max: number };

export const literal = (text: string): Expr => ({ kind: "literal", text });

/** Matches the empty text. */
export const EMPTY_TEXT: Expr = literal("");

/** One character out of a set, which must not be empty. */
export function charSet(codePoints: CodePoints): Expr {
  const [only, ...others] = codePoints;
  if (only !== undefined && others.length === 0 && only[0] === only[1])
    return literal(String.fromCodePoint(only[0]));
  return { kind: "set", set: codePoints };
}

export const reference = (name: string): Expr => ({ kind: "ref", name });

/** Neighbouring literals become one, nested sequences are flattened. */
export function sequence(...parts: readonly Expr[]): Expr {
  const items: Expr[] = [];
  for (const part of parts.flatMap((each) => (each.kind === "sequence" ? each.items : [each]))) {
    const last = items.at(-1);
    if (part.kind === "literal" && part.text === "") continue;
    if (part.kind === "literal" && last?.kind === "literal")
      items[items.length - 1] = literal(last.text + part.text);
    else items.push(part);
  }
  if (items.length === 0) return EMPTY_TEXT;
  return items.length === 1 ? items[0]! : { kind: "sequence", items };
}

/** Without repeated options. A choice of none matches nothing at all. */
export function choice(options: readonly Expr[]): Expr {
  if (options.length === 1) return options[0]!;
  const flat = options.flatMap((option) => (option.kind === "choice" ? option.options : [option]));
  const seen = new Set<string>();
  const distinct = flat.filter((option) => {
    const text = printExpr(option);
    return seen.has(text) ? false : seen.add(text);
  });
  return distinct.length === 1 ? distinct[0]! : { kind: "choice", options: distinct };
}

export const optional = (item: Expr): Expr =>
  item.kind === "sequence" || item.kind === "choice"
    ? choice([item, EMPTY_TEXT])
    : { kind: "repeat", item, min: 0, max: 1 };

const hex = (codePoint: number): string => {
  const digits = codePoint.toString(16).toUpperCase();
  if (codePoint <= 0xff) return `\\x${digits.padStart(2, "0")}`;
  return codePoint <= 0xffff ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
};

const IN_LITERAL: Record<string, string> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function printLiteral(text: string): string {
  const escaped = [...text].map((character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return IN_LITERAL[character] ?? (codePoint >= 0x20 && codePoint <= 0x7e ? character : hex(codePoint));
  });
  return `"${escaped.join("")}"`;
}

/** Only letters and digits stand for themselves: `^`, `-`, `]` and `\` mean something at some place inside a class. */
const inClass = (codePoint: number): string => {
  const character = String.fromCodePoint(codePoint);
  return /[A-Za-z0-9]/.test(character) ? character : hex(codePoint);
};

function printSet(codePoints: CodePoints): string {
  const parts = codePoints.map(([low, high]) => {
    if (low === high) return inClass(low);
    return high === low + 1 ? inClass(low) + inClass(high) : `${inClass(low)}-${inClass(high)}`;
  });
  return `[${parts.join("")}]`;
}

function printTimes(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  if (min === 0 && max === 1) return "?";
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

const inside = (expr: Expr): string => (expr.kind === "choice" ? `(${printExpr(expr)})` : printExpr(expr));

/** The GBNF text of `expr`, in ASCII, without parentheses around it. */
export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case "literal":
      return printLiteral(expr.text);
    case "set":
      return printSet(expr.set);
    case "ref":
      return expr.name;
    case "sequence":
      return expr.items.map(inside).join(" ");
    case "choice":
      return expr.options.map(printExpr).join(" | ");
    case "repeat":
      return inside(expr.item) + printTimes(expr.min, expr.max);
  }
}

/** How many elements llama.cpp makes of `expr`; a bounded repetition becomes a rule for each optional turn. */
export function elements(expr: Expr): number {
  if (expr.kind === "literal") return expr.text.length;
  if (expr.kind === "set") return expr.set.length * 2;
  if (expr.kind === "ref") return 1;
  if (expr.kind === "sequence") return expr.items.reduce((sum, item) => sum + elements(item), 0);
  if (expr.kind === "choice") return expr.options.reduce((sum, option) => sum + elements(option) + 1, 0);
  const turns = expr.max === Number.POSITIVE_INFINITY ? expr.min + 1 : expr.max;
  return turns * (elements(expr.item) + 3);
}
