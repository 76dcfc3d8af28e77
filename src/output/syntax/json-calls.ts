import { callOf } from "../call-object.ts";
import type { ReadContext } from "../call-syntax.ts";
import type { Reading } from "../feed.ts";
import { objectOf, readBrackets } from "../read-value.ts";

export interface JsonCallOptions {
  /** The text of the block that has been taken already; it goes out if the block is no call. */
  raw: string;
  /** Only an object that is certainly a call counts as one; all else is plain text, without a warning. */
  strict?: boolean;
}

/**
 * Reads calls written in JSON: one object, a list of them, or several with `;`, `,` or nothing but white space between them
 * (docs/behaviour: modelfile §5).
 *
 * @returns true when there was a call and no broken one.
 */
export function* readJsonCalls(
  context: ReadContext,
  { raw: taken, strict = false }: JsonCallOptions,
): Reading<boolean> {
  const { feed } = context;
  let raw = taken + (yield* feed.space());
  const list = yield* feed.skip("[");
  if (list) raw += `[${yield* feed.space()}`;
  for (let calls = 0; ; calls++) {
    if ((yield* feed.next()) !== "{") return closeCalls(context, raw, calls, strict);
    const doubled = yield* feed.startsWith("{{");
    if (doubled) raw += feed.take(1);
    if (!(yield* readJsonCall(context, raw, strict))) return false;
    if (doubled) yield* skipSecondBrace(context);
    raw = yield* separator(context, list);
    if (raw === "]") return true;
  }
}

/** The second of two braces around a call, as Qwen 2.5 Coder writes them; white space in front of anything else stays. */
export function* skipSecondBrace({ feed, out }: ReadContext): Reading {
  const space = yield* feed.space();
  if (!(yield* feed.skip("}"))) out.text(space);
}

function closeCalls({ out }: ReadContext, raw: string, calls: number, strict: boolean): boolean {
  if (calls > 0) {
    out.text(raw);
    return true;
  }
  if (strict) out.text(raw);
  else out.broken(raw, "there is no JSON object");
  return false;
}

/** Takes what separates two calls; `]` at the end of a list. */
function* separator({ feed }: ReadContext, list: boolean): Reading<string> {
  const text = yield* feed.while(/^[\s,;]*$/, /^[\s,;]*/);
  if (list && (yield* feed.skip("]"))) return "]";
  return text.replaceAll(/[,;]/g, "");
}

/** @param raw the text before the object. @returns false when the object is no call; it has gone out as text then. */
export function* readJsonCall(
  { feed, out, tools }: ReadContext,
  raw: string,
  strict: boolean,
  begun = "",
): Reading<boolean> {
  const json = yield* readBrackets(feed, { jsonOnly: true, begun });
  const value = objectOf(json);
  const result = value === undefined ? { why: "its JSON is broken" } : callOf(value, tools, { strict });
  if ("call" in result) {
    out.call(result.call);
    return true;
  }
  const meant = !strict || (value === undefined && tools.namedIn(json.text));
  if (meant) out.broken(raw + json.text, result.why);
  else out.text(raw + json.text);
  return false;
}
