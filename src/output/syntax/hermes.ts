import { literal, sequence } from "../../grammar/gbnf.ts";
import type { CallSyntax } from "../call-syntax.ts";
import { readArgKeyCall } from "./arg-keys.ts";
import { readFunctionBlock } from "./function-tags.ts";
import { readJsonCalls } from "./json-calls.ts";
import { anyCallObject, callsOf, HERMES_KEYS, skipClosing } from "./tagged-json.ts";

const OPEN = "<tool_call>";
const CLOSE = "</tool_call>";

/**
 * Hermes, Qwen and their descendants: `<tool_call>`, a call, `</tool_call>`. Most write the call in JSON; Qwen3-Coder writes
 * `<function=…>`, GLM `name<arg_key>…`.
 */
export const hermes: CallSyntax = {
  opens: [OPEN],
  marks: [CLOSE],
  *read(open, context) {
    const { feed } = context;
    const raw = open + (yield* feed.space());
    const next = yield* feed.next();
    if (next === "{" || next === "[") {
      if (yield* readJsonCalls(context, { raw })) yield* skipClosing(context, CLOSE);
      return;
    }
    const tag = "<function=";
    if (next === "<" && (yield* feed.skip(tag))) {
      if (yield* readFunctionBlock(raw + tag, context)) yield* skipClosing(context, CLOSE);
      return;
    }
    yield* readArgKeyCall(raw, CLOSE, context);
  },
  grammar(book, tools, several) {
    const call = anyCallObject(book, HERMES_KEYS, tools);
    const block = book.add("tool-call", sequence(literal(`${OPEN}\n`), call, literal(`\n${CLOSE}`)));
    return callsOf(book, block, "\n", several);
  },
};
