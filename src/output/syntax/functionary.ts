import { choice, literal, sequence } from "../../grammar/gbnf.ts";
import { makeCall } from "../call-object.ts";
import type { CallSyntax, ReadContext } from "../call-syntax.ts";
import type { Reading } from "../feed.ts";
import { objectOf, readBrackets } from "../read-value.ts";
import { callsOf } from "./tagged-json.ts";

const OPEN = ">>>";
/** The recipient of text for the user. */
const EVERYBODY = "all";

/** Reads `recipient⏎content`: text for all, or the arguments of a tool. */
function* readMessage(taken: string, { feed, out, tools }: ReadContext): Reading {
  const name = yield* feed.while(/^[\w.-]*$/, /^[\w.-]*/);
  const isTool = tools.has(name);
  if ((!isTool && name !== EVERYBODY) || !(yield* feed.skip("\n"))) {
    out.text(taken + name);
    return;
  }
  if (!isTool) return;
  const raw = `${taken}${name}\n${yield* feed.space()}`;
  if ((yield* feed.next()) !== "{") {
    out.broken(raw, `the arguments of "${name}" are not an object`);
    return;
  }
  const json = yield* readBrackets(feed, { jsonOnly: true });
  const value = objectOf(json);
  const result = value === undefined ? { why: "its JSON is broken" } : makeCall(name, value, tools);
  if ("call" in result) out.call(result.call);
  else out.broken(raw + json.text, result.why);
}

/**
 * Functionary 3.2: every message begins with its recipient, `>>>all⏎text` or `>>>name⏎{…}`. The prompt ends with the first
 * `>>>`, so an answer begins with a recipient: {@link readFirstMessage}.
 */
export const functionary: CallSyntax = {
  opens: [OPEN],
  marks: [],
  read: readMessage,
  grammar(book, tools, several) {
    const calls = tools.map((tool) => sequence(literal(`${tool.name}\n`), tool.arguments));
    return callsOf(book, book.add("call", choice(calls)), OPEN, several);
  },
};

export const readFirstMessage = (context: ReadContext): Reading => readMessage("", context);
