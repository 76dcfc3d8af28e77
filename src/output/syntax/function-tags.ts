import { choice, type Expr, literal, optional, sequence } from "../../grammar/gbnf.ts";
import type { RuleBook } from "../../grammar/rule-book.ts";
import { makeCall } from "../call-object.ts";
import type { CallableParameter, CallableTool, CallSyntax, ReadContext } from "../call-syntax.ts";
import { textUntil } from "../constraint/text-until.ts";
import type { Reading } from "../feed.ts";
import { objectOf, readBrackets } from "../read-value.ts";
import { TagSet } from "../tag-set.ts";
import { typedValue } from "../typed-value.ts";
import { callObject, callsOf, HERMES_KEYS } from "./tagged-json.ts";

const OPEN = "<function=";
const CLOSE = "</function>";
const PARAMETER = "<parameter=";
const PARAMETER_END = "</parameter>";

const TOOL_CALL_END = "</tool_call>";

const NAME_END = new TagSet([">", "\n"]);
const BLOCK_END = new TagSet([CLOSE]);

/** `<parameter=key>value</parameter>`, any number of them; the closing tag may be missing. Undefined: it is not that. */
function parametersOf(body: string, schemas: Record<string, unknown>): Record<string, unknown> | undefined {
  const [before = "", ...pieces] = body.split(PARAMETER);
  if (before.trim() !== "") return undefined;
  const entries: [string, unknown][] = [];
  for (const piece of pieces) {
    const nameEnd = piece.indexOf(">");
    if (nameEnd < 0) return undefined;
    const end = piece.indexOf(PARAMETER_END, nameEnd);
    const name = piece.slice(0, nameEnd).trim();
    const value = piece.slice(nameEnd + 1, end < 0 ? undefined : end);
    entries.push([name, typedValue(value, schemas[name])]);
  }
  return Object.fromEntries(entries);
}

/**
 * Reads `name>…</function>`: parameters in tags of their own (Qwen3-Coder) or all in one JSON object (Functionary, Llama 3.1).
 *
 * @param taken the text that has been taken already, with `<function=` at its end.
 * @returns true when it was a call.
 */
export function* readFunctionBlock(taken: string, context: ReadContext): Reading<boolean> {
  const { feed, out, tools } = context;
  const head = yield* feed.before(NAME_END);
  const name = head.text.trim();
  let raw = taken + head.text + (head.tag ?? "");
  if (head.tag !== ">" || !tools.has(name)) {
    out.broken(raw, `"${name}" is not a tool of this request`);
    return false;
  }
  raw += yield* feed.space();
  const args = yield* (yield* feed.next()) === "{" ? jsonBody(context) : taggedBody(name, context);
  const result = args.value === undefined ? { why: "it is incomplete" } : makeCall(name, args.value, tools);
  if ("call" in result) {
    out.call(result.call);
    out.text(args.behind ?? "");
  } else out.broken(raw + args.text, result.why);
  return "call" in result;
}

interface Body {
  text: string;
  value: Record<string, unknown> | undefined;
  /** Text that has been taken and stands behind the call. */
  behind?: string;
}

function* jsonBody({ feed }: ReadContext): Reading<Body> {
  const json = yield* readBrackets(feed, { jsonOnly: true });
  const space = yield* feed.space();
  const closed = yield* feed.skip(CLOSE);
  return { text: json.text + space + (closed ? CLOSE : ""), value: objectOf(json) };
}

function* taggedBody(name: string, { feed, tools }: ReadContext): Reading<Body> {
  const { text, tag } = yield* feed.before(BLOCK_END);
  const schemas = tools.properties(name);
  if (tag !== undefined) return { text: text + tag, value: parametersOf(text, schemas) };
  // The closing tag was forgotten; the one of the block around it may be there.
  const end = text.indexOf(TOOL_CALL_END);
  if (end < 0) return { text, value: undefined };
  return {
    text,
    value: parametersOf(text.slice(0, end), schemas),
    behind: text.slice(end + TOOL_CALL_END.length),
  };
}

const CALL_BEGIN = "<tool_call>\n";
const CALL_END = "\n</tool_call>";
const VALUE_END = `\n${PARAMETER_END}\n`;

function bareValue(book: RuleBook, { bare, value }: CallableParameter): Expr {
  if (bare === "text") return textUntil(book, VALUE_END);
  const one = bare === "json" || bare === undefined ? value : choice(bare.map((text) => literal(text)));
  return sequence(one, literal(VALUE_END));
}

function parameter(book: RuleBook, each: CallableParameter): Expr {
  const whole = sequence(literal(`${PARAMETER}${each.name}>\n`), bareValue(book, each));
  return each.required ? whole : optional(book.named(`parameter-${each.name}`, whole));
}

/** Parameters in tags, or as one JSON object where a value in tags could be read as another value. */
function functionBlock(book: RuleBook, tool: CallableTool): Expr {
  const parameters = tool.parameters();
  if (parameters.some(({ bare }) => bare === undefined)) return callObject(HERMES_KEYS, tool);
  return sequence(
    literal(`${OPEN}${tool.name}>\n`),
    ...parameters.map((each) => parameter(book, each)),
    literal(CLOSE),
  );
}

/** Qwen3-Coder's way: a function's block inside of `<tool_call>`, which it sometimes forgets to write. */
export const functionTags: CallSyntax = {
  opens: [OPEN],
  marks: [CLOSE],
  *read(open, context) {
    yield* readFunctionBlock(open, context);
  },
  grammar(book, tools, several) {
    const blocks = tools.map((tool) => functionBlock(book, tool));
    const call = book.add("tool-call", sequence(literal(CALL_BEGIN), choice(blocks), literal(CALL_END)));
    return callsOf(book, call, "\n", several);
  },
};

/** Functionary 3.1 and Llama 3.1 with custom tools: `<function=name>{…}</function>`. */
export const functionJson: CallSyntax = {
  ...functionTags,
  grammar(book, tools, several) {
    const blocks = tools.map((tool) =>
      sequence(literal(`${OPEN}${tool.name}>`), tool.arguments, literal(CLOSE)),
    );
    return callsOf(book, book.add("tool-call", choice(blocks)), "", several);
  },
};
