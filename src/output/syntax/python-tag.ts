import type { CallSyntax } from "../call-syntax.ts";
import { pythonCalls } from "../python-calls.ts";
import { TagSet } from "../tag-set.ts";
import { readJsonCalls } from "./json-calls.ts";

const OPEN = "<|python_tag|>";
const NOTHING = new TagSet([]);

/** Names under which clients offer a Python interpreter, and the argument that takes the code. */
const INTERPRETERS = ["python", "ipython", "code_interpreter"];
const CODE = "code";

/**
 * Llama 3's `<|python_tag|>`: calls in JSON; a call of a built-in tool, `name.call(…)`; or else Python to be run, up to the end of
 * the answer, where the request has an interpreter.
 */
export const pythonTag: CallSyntax = {
  opens: [OPEN],
  marks: [],
  *read(open, context) {
    const { feed, out, tools } = context;
    const raw = open + (yield* feed.space());
    const next = yield* feed.next();
    if (next === "{" || next === "[") {
      yield* readJsonCalls(context, { raw });
      return;
    }
    const { text } = yield* feed.before(NOTHING);
    const result = pythonCalls(text, tools);
    const interpreter = INTERPRETERS.find((name) => tools.has(name));
    if ("calls" in result) for (const call of result.calls) out.call(call);
    else if (interpreter !== undefined) out.call({ name: interpreter, arguments: { [CODE]: text } });
    else out.broken(raw + text, result.why);
  },
};
