import { makeCall } from "../call-object.ts";
import type { ReadContext } from "../call-syntax.ts";
import type { Reading } from "../feed.ts";
import { objectOf, readBrackets } from "../read-value.ts";
import { TagSet } from "../tag-set.ts";
import type { HarmonyNames } from "./names.ts";

const START = "<|start|>";
const CHANNEL = "<|channel|>";
const CONSTRAIN = "<|constrain|>";
const MESSAGE = "<|message|>";
const END = "<|end|>";
const CALL = "<|call|>";
const RETURN = "<|return|>";

/** Control tokens of the vocabulary whose text reading the answer needs. */
export const HARMONY_MARKS = [START, CHANNEL, CONSTRAIN, MESSAGE, END, CALL, RETURN];

const HEADER_END = new TagSet([MESSAGE]);
const CONTENT_END = new TagSet([END, CALL, RETURN, START]);
const TEXT_END = new TagSet([START, CHANNEL]);
const FUNCTIONS = "functions.";

interface Header {
  channel: string;
  /** Undefined: the user. */
  recipient: string | undefined;
}

function headerOf(text: string): Header {
  const recipient = /(?:^|\s|assistant)to=([^\s<]+)/.exec(text)?.[1];
  const channel = /<\|channel\|>\s*(\w+)/.exec(text)?.[1];
  return { channel: channel ?? (recipient === undefined ? "final" : "commentary"), recipient };
}

/**
 * The beginning of the answer that a prompt contains: `<|channel|>final<|message|>…` behind the last `<|start|>assistant`, when the
 * client has prefilled it; else "".
 */
export function harmonyPrefill(prompt: string): string {
  const start = `${START}assistant`;
  const at = prompt.lastIndexOf(start);
  if (at < 0) return "";
  const begun = prompt.slice(at + start.length);
  const open = begun.includes(MESSAGE) && ![END, CALL, RETURN].some((mark) => begun.includes(mark));
  return open ? begun.slice(0, begun.indexOf(MESSAGE)) : "";
}

function* readContent({ channel }: Header, { feed, out }: ReadContext): Reading<string | undefined> {
  const analysis = channel === "analysis";
  return yield* feed.until(CONTENT_END, (text) => (analysis ? out.thinking(text) : out.text(text)));
}

/** The arguments of a call, up to the mark that ends them. */
function* readCall(
  raw: string,
  recipient: string,
  { feed, out, tools }: ReadContext,
  names: HarmonyNames,
): Reading<string | undefined> {
  const space = yield* feed.space();
  const isObject = (yield* feed.next()) === "{";
  const json = isObject ? yield* readBrackets(feed, { jsonOnly: true }) : undefined;
  const rest = yield* feed.before(CONTENT_END);
  const written = (json?.text ?? "") + rest.text;
  const value = json === undefined && written.trim() === "" ? {} : json && objectOf(json);
  const own = recipient.startsWith(FUNCTIONS) ? recipient.slice(FUNCTIONS.length) : recipient;
  const complete = value !== undefined && (json === undefined || rest.text.trim() === "");
  const result = complete
    ? makeCall(names.own(own), value, tools)
    : { why: `raw='${written}' is not a JSON object` };
  if ("call" in result) out.call(result.call);
  else out.broken(raw + space + written, result.why);
  return rest.tag;
}

/** Is the next text a header, rather than an answer of a model that has forgotten to write one? */
function* headerComes({ feed }: ReadContext): Reading<boolean> {
  for (const mark of [START, CHANNEL, CONSTRAIN, MESSAGE, "to=", " to="]) {
    if (yield* feed.startsWith(mark)) return true;
  }
  return false;
}

/** A header that the end of the answer has cut off; anything else in its place is text. */
const LIKE_HEADER = /^[\w.=\s<|>]*$/;

/** @param mark ended the message before. @returns the header with its marks; undefined: the answer has ended. */
function* readHeader(mark: string | undefined, context: ReadContext): Reading<string | undefined> {
  const { feed, out } = context;
  let raw = mark === START ? START : "";
  if (raw === "" && !(yield* headerComes(context))) {
    const tag = yield* feed.until(TEXT_END, (text) => out.text(text));
    if (tag === undefined) return undefined;
    raw = tag;
  }
  const head = yield* feed.before(HEADER_END);
  raw += head.text;
  if (head.tag !== undefined) return raw + head.tag;
  if (!LIKE_HEADER.test(raw)) out.text(raw);
  return undefined;
}

/**
 * Reads gpt-oss's messages: `<|channel|>analysis` is thinking, `commentary` and `final` are text, a recipient makes a message a
 * tool call (docs/behaviour: modelfile §7). The answer begins where the prompt ends, behind `<|start|>assistant`.
 *
 * @param begun header that the prompt has written; see {@link harmonyPrefill}.
 */
export function* readHarmony(context: ReadContext, names: HarmonyNames, begun: string): Reading {
  let raw: string | undefined = begun;
  if (raw === "") raw = yield* readHeader(undefined, context);
  while (raw !== undefined) {
    const header = headerOf(raw);
    const { channel, recipient } = header;
    const mark: string | undefined =
      recipient === undefined || channel === "final"
        ? yield* readContent(header, context)
        : yield* readCall(raw, recipient, context, names);
    raw = mark === undefined ? undefined : yield* readHeader(mark, context);
  }
  context.out.end();
}
