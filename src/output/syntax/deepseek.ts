import { choice, literal, sequence } from "../../grammar/gbnf.ts";
import { makeCall } from "../call-object.ts";
import type { CallSyntax } from "../call-syntax.ts";
import { objectOf, readBrackets } from "../read-value.ts";
import { TagSet } from "../tag-set.ts";
import { callsOf, skipClosing } from "./tagged-json.ts";

const CALLS_BEGIN = "<｜tool▁calls▁begin｜>";
const CALLS_END = "<｜tool▁calls▁end｜>";
const BEGIN = "<｜tool▁call▁begin｜>";
const END = "<｜tool▁call▁end｜>";
const SEPARATOR = "<｜tool▁sep｜>";

const HEAD_END = new TagSet([SEPARATOR, END, CALLS_END]);
const ARGUMENTS_BEGIN = new TagSet(["{", END, CALLS_END]);

/** The name stands before the separator, but for the first models, which write `function` there and the name behind it. */
const nameIn = (head: string, behind: string): string =>
  head.trim() === "function" ? (behind.trim().split("\n", 1)[0] ?? "").trim() : head.trim();

const reader: Omit<CallSyntax, "grammar"> = {
  opens: [CALLS_BEGIN, BEGIN],
  marks: [CALLS_END, END, SEPARATOR],
  *read(open, context) {
    const { feed, out, tools } = context;
    let raw = open;
    if (open === CALLS_BEGIN) {
      raw += yield* feed.space();
      if (yield* feed.skip(BEGIN)) raw += BEGIN;
    }
    const head = yield* feed.before(HEAD_END);
    raw += head.text + (head.tag ?? "");
    const between = yield* feed.before(ARGUMENTS_BEGIN);
    const name = nameIn(head.text, between.text);
    if (between.tag !== "{" || !tools.has(name)) {
      const why = tools.has(name) ? "it has no arguments" : `"${name}" is not a tool of this request`;
      out.broken(raw + between.text + (between.tag ?? ""), why);
      return;
    }
    const json = yield* readBrackets(feed, { jsonOnly: true, begun: "{" });
    const value = objectOf(json);
    const result = value === undefined ? { why: "its JSON is broken" } : makeCall(name, value, tools);
    if ("why" in result) {
      out.broken(raw + between.text + json.text, result.why);
      return;
    }
    out.call(result.call);
    yield* skipClosing(context, "```");
    yield* skipClosing(context, END);
    yield* skipClosing(context, CALLS_END);
  },
};

/** DeepSeek V3.1 and later: the name, the separator, the arguments. */
export const deepseek: CallSyntax = {
  ...reader,
  grammar(book, tools, several) {
    const calls = tools.map((tool) =>
      sequence(literal(`${BEGIN}${tool.name}${SEPARATOR}`), tool.arguments, literal(END)),
    );
    const call = book.add("call", choice(calls));
    return sequence(literal(CALLS_BEGIN), callsOf(book, call, "", several), literal(CALLS_END));
  },
};

/** DeepSeek V3 and R1: `function`, the separator, the name, and the arguments in a code fence. */
export const deepseekFenced: CallSyntax = {
  ...reader,
  grammar(book, tools, several) {
    const calls = tools.map((tool) =>
      sequence(
        literal(`${BEGIN}function${SEPARATOR}${tool.name}\n\`\`\`json\n`),
        tool.arguments,
        literal(`\n\`\`\`${END}`),
      ),
    );
    const call = book.add("call", choice(calls));
    return sequence(literal(CALLS_BEGIN), callsOf(book, call, "\n", several), literal(CALLS_END));
  },
};
