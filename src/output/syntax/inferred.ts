import { makeCall } from "../call-object.ts";
import type { CallSyntax, ReadContext } from "../call-syntax.ts";
import type { DeclaredTools } from "../declared-tools.ts";
import type { Reading } from "../feed.ts";
import { objectOf, readBrackets } from "../read-value.ts";
import { TagSet } from "../tag-set.ts";
import { readJsonCalls } from "./json-calls.ts";
import { HERMES_KEYS, skipClosing, taggedJson } from "./tagged-json.ts";

const ARGUMENTS = new TagSet(["{", "\n\n"]);

/** The tool whose name comes first in `text`; of several at one place, the longest name. */
function firstNamed(text: string, tools: DeclaredTools): string | undefined {
  const found = tools.all
    .map(({ name }) => ({ name, at: text.indexOf(name) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at || b.name.length - a.name.length);
  return found[0]?.name;
}

/** The name of a tool somewhere in front of an object. */
function* readNamedCall(taken: string, { feed, out, tools }: ReadContext): Reading<boolean> {
  const { text, tag } = yield* feed.before(ARGUMENTS);
  const name = firstNamed(text, tools);
  if (tag !== "{" || name === undefined) {
    out.broken(taken + text + (tag ?? ""), "it names no tool of this request in front of arguments");
    return false;
  }
  const json = yield* readBrackets(feed, { jsonOnly: true, begun: "{" });
  const value = objectOf(json);
  const result = value === undefined ? { why: "its JSON is broken" } : makeCall(name, value, tools);
  if ("call" in result) out.call(result.call);
  else out.broken(taken + text + json.text, result.why);
  return "call" in result;
}

/** `<calls>` closes with `</calls>`. */
const closingOf = (open: string): string => (/^<\w+>$/.test(open) ? `</${open.slice(1)}` : "");

/**
 * For a tag that was read off a template and that no known syntax has: JSON behind it, or a tool's name and an object
 * (docs/behaviour: modelfile §5).
 */
export function inferredSyntax(tag: string): CallSyntax {
  const open = tag.replace(/\s*\[$/, "");
  const close = closingOf(open);
  const { grammar, ...tagged } = taggedJson({ open, close, keys: HERMES_KEYS, list: tag.endsWith("[") });
  // A tag that goes on into the call, such as `<call name="`, is not followed by JSON.
  const standsAlone = /^\S+[>\]]$/.test(open);
  return {
    ...tagged,
    ...(standsAlone && grammar && { grammar }),
    *read(raw, context) {
      const text = raw + (yield* context.feed.space());
      const next = yield* context.feed.next();
      const json = next === "{" || next === "[";
      const called = yield* json ? readJsonCalls(context, { raw: text }) : readNamedCall(text, context);
      if (called && close !== "") yield* skipClosing(context, close);
    },
  };
}
