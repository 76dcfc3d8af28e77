import type { tokenize } from "@huggingface/jinja";

type Token = ReturnType<typeof tokenize>[number];

/** The filter that carries out a test with arguments; no template can write its name. */
export const TEST_FILTER = "llamero test";

/** Tests that may be written without parentheses: `x is divisibleby 3`. */
const TAKES_ONE = new Set([
  ...["divisibleby", "eq", "equalto", "ne", "sameas", "in"],
  ...["lt", "lessthan", "le", "gt", "greaterthan", "ge"],
]);

const OPEN = ["OpenParen", "OpenSquareBracket", "OpenCurlyBracket"];
const CLOSE = ["CloseParen", "CloseSquareBracket", "CloseCurlyBracket"];

const token = (type: Token["type"], value: string): Token => ({ type, value });

/** The place behind the bracket that closes the one at `at`. */
function behindBracket(tokens: readonly Token[], at: number): number {
  let depth = 0;
  for (let index = at; index < tokens.length; index++) {
    const { type } = tokens[index]!;
    if (OPEN.includes(type)) depth++;
    else if (CLOSE.includes(type) && --depth === 0) return index + 1;
  }
  return tokens.length;
}

/** The place behind a value: a literal, a name or a bracket, with all dots and brackets that follow it. */
function behindValue(tokens: readonly Token[], at: number): number {
  const first = tokens[at];
  if (first === undefined) return at;
  let end = OPEN.includes(first.type) ? behindBracket(tokens, at) : at + 1;
  for (;;) {
    const type = tokens[end]?.type;
    if (type === "Dot") end += 2;
    else if (type === "OpenParen" || type === "OpenSquareBracket") end = behindBracket(tokens, end);
    else return end;
  }
}

const STARTS_VALUE = new Set(["StringLiteral", "NumericLiteral", "Identifier", ...OPEN]);
/** Words that may follow a test without arguments. */
const WORDS = new Set(["and", "or", "not", "is", "in", "if", "else", "recursive"]);

/** From where to where the arguments of a test stand, without their parentheses. Undefined: it has none. */
function argumentsOf(
  tokens: readonly Token[],
  at: number,
  name: string,
): { from: number; to: number; end: number } | undefined {
  const next = tokens[at];
  if (next === undefined) return undefined;
  if (next.type === "OpenParen") {
    const end = behindBracket(tokens, at);
    return { from: at + 1, to: end - 1, end };
  }
  const takes = TAKES_ONE.has(name) && STARTS_VALUE.has(next.type);
  if (!takes || (next.type === "Identifier" && WORDS.has(next.value))) return undefined;
  const end = behindValue(tokens, at);
  return { from: at, to: end, end };
}

/**
 * The package parses no test with arguments. Here `x is [not] name(a)` becomes a filter, `x | test("name", not, a)`, which binds as a test
 * does.
 */
export function withTests(tokens: readonly Token[]): Token[] {
  const result: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const current = tokens[at]!;
    const negated = tokens[at + 1]?.value === "not";
    const name = tokens[at + (negated ? 2 : 1)];
    const behind = at + (negated ? 3 : 2);
    const isTest = current.type === "Identifier" && current.value === "is" && name?.type === "Identifier";
    const taken =
      isTest && tokens[at - 1]?.type !== "Dot" ? argumentsOf(tokens, behind, name.value) : undefined;
    if (taken === undefined || name === undefined) {
      result.push(current);
      continue;
    }
    const inside = withTests(tokens.slice(taken.from, taken.to));
    result.push(
      ...[token("Pipe", "|"), token("Identifier", TEST_FILTER), token("OpenParen", "(")],
      ...[
        token("StringLiteral", name.value),
        token("Comma", ","),
        token("Identifier", negated ? "true" : "false"),
      ],
      ...(inside.length > 0 ? [token("Comma", ","), ...inside] : []),
      token("CloseParen", ")"),
    );
    at = taken.end - 1;
  }
  return result;
}
