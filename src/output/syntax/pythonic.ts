import { choice, EMPTY_TEXT, type Expr, literal, sequence } from "../../grammar/gbnf.ts";
import type { RuleBook } from "../../grammar/rule-book.ts";
import type { CallableParameter, CallableTool, CallSyntax } from "../call-syntax.ts";
import type { LiteralOptions } from "../literal-parser.ts";
import { pythonCalls } from "../python-calls.ts";
import { TagSet } from "../tag-set.ts";
import { callsOf } from "./tagged-json.ts";

/** Optional arguments may be left out, but come in the schema's order. A rule for each place keeps the grammar linear. */
function argumentsFrom(
  book: RuleBook,
  parameters: readonly CallableParameter[],
  at: number,
  comma: string,
): Expr {
  const parameter = parameters[at];
  if (parameter === undefined) return EMPTY_TEXT;
  const written = sequence(
    literal(`${comma}${parameter.name}=`),
    parameter.value,
    argumentsFrom(book, parameters, at + 1, ", "),
  );
  if (parameter.required) return written;
  return book.add(
    `from-${parameter.name}`,
    choice([written, argumentsFrom(book, parameters, at + 1, comma)]),
  );
}

/** `name(a=1, b="x")`. Required arguments come first: Python would not mind, and the grammar stays small. */
const pythonCall = (book: RuleBook, { name, parameters }: CallableTool): Expr => {
  const all = parameters();
  const ordered = [...all.filter(({ required }) => required), ...all.filter(({ required }) => !required)];
  return sequence(literal(`${name}(`), argumentsFrom(book, ordered, 0, ""), literal(")"));
};

const anyPythonCall = (book: RuleBook, tools: readonly CallableTool[]): Expr =>
  book.add("call", choice(tools.map((tool) => pythonCall(book, tool))));

/** Calls in Python's syntax between tags: LFM2, OLMo 3. */
export function taggedPython(
  open: string,
  close: string,
  list: boolean,
  options: LiteralOptions = {},
): CallSyntax {
  const end = new TagSet([close]);
  return {
    opens: [open],
    marks: [close],
    *read(raw, { feed, out, tools }) {
      const { text, tag = "" } = yield* feed.before(end);
      const result = tag === "" ? { why: "it is incomplete" } : pythonCalls(text, tools, options);
      if ("calls" in result) for (const call of result.calls) out.call(call);
      else out.broken(raw + text + tag, result.why);
    },
    grammar(book, tools, several) {
      const calls = callsOf(book, anyPythonCall(book, tools), list ? ", " : "\n", several);
      const block = list ? sequence(literal("["), calls, literal("]")) : calls;
      return sequence(literal(open), block, literal(close));
    },
  };
}

/** Llama 4 and others that are told to answer `[f(a=1)]`; {@link bareCalls} reads it. */
export const pythonList: CallSyntax = {
  opens: [],
  marks: [],
  *read() {},
  grammar(book, tools, several) {
    const calls = callsOf(book, anyPythonCall(book, tools), ", ", several);
    return sequence(literal("["), calls, literal("]"));
  },
};
