import { choice, type Expr, literal, optional, sequence } from "../../grammar/gbnf.ts";
import type { RuleBook } from "../../grammar/rule-book.ts";
import { type CallResult, makeCall } from "../call-object.ts";
import type { CallableParameter, CallableTool, CallSyntax, ReadContext } from "../call-syntax.ts";
import { textUntil } from "../constraint/text-until.ts";
import type { DeclaredTools } from "../declared-tools.ts";
import type { Reading } from "../feed.ts";
import { parseObject } from "../literal-parser.ts";
import { TagSet } from "../tag-set.ts";
import { typedText } from "../typed-value.ts";
import { type NamedParser, thinks } from "./named-parser.ts";

const START = "<|start|>";
const MESSAGE = "<|message|>";
const MESSAGE_END = "<|eom|>";
const TURN_END = "<|eot|>";
const CALLS = "<atem:function_calls>";

const HEADER_END = new TagSet([MESSAGE]);
const CONTENT_END = new TagSet([START, MESSAGE_END, TURN_END]);
const NEXT_MESSAGE = new TagSet([START]);

const RECIPIENT = /\bto=(\S+)/;
const INVOKE = /<atem:invoke name="([^"]*)">([\s\S]*?)<\/atem:invoke>/;
const PARAMETER = /<atem:parameter name="([^"]*)">([\s\S]*?)<\/atem:parameter>/g;

/** A tool's own name in `name`, or in `namespace.name`. */
function toolIn(name: string, tools: DeclaredTools): string | undefined {
  if (tools.declares(name)) return name;
  const own = name.slice(name.indexOf(".") + 1);
  return tools.declares(own) ? own : undefined;
}

/** The invocation in a message. @param recipient whom the message is for. */
function callIn(text: string, recipient: string, tools: DeclaredTools): CallResult {
  const [, written, body = ""] = INVOKE.exec(text) ?? [];
  if (written === undefined) return { why: "it has no invocation" };
  // Some answers repeat the mark behind the name.
  const invoked = written.replaceAll(MESSAGE, "");
  if (recipient !== "user" && invoked !== recipient)
    return { why: `it is sent to "${recipient}" and invokes "${invoked}"` };
  const name = toolIn(invoked, tools);
  if (name === undefined) return { why: `"${invoked}" is not a tool of this request` };
  // The grammar writes one object where a parameter's bare text could be read as another value.
  const object = body.trim().startsWith("{") ? parseObject(body) : undefined;
  if (object !== undefined) return makeCall(name, object, tools);
  const schemas = tools.properties(name);
  const pairs = [...body.matchAll(PARAMETER)].map(
    ([, key = "", value = ""]) => [key, typedText(value, schemas[key])] as const,
  );
  return makeCall(name, Object.fromEntries(pairs), tools);
}

/** A message for a tool, or for the user with nothing but an invocation in it. */
function* readCall(
  recipient: string,
  begun: string,
  { feed, out, tools }: ReadContext,
): Reading<string | undefined> {
  const { text, tag } = yield* feed.before(CONTENT_END);
  const whole = begun + text;
  const result = callIn(whole, recipient, tools);
  if ("call" in result) out.call(result.call);
  else if (toolIn(recipient, tools) === undefined) out.text(whole);
  else out.broken(whole, result.why);
  return tag;
}

function* readMessage(header: string, context: ReadContext, shown: boolean): Reading<string | undefined> {
  const { feed, out, tools } = context;
  const recipient = RECIPIENT.exec(header)?.[1] ?? "user";
  if (recipient === "self")
    return yield* feed.until(CONTENT_END, (text) => (shown ? out.thinking(text) : undefined));
  if (toolIn(recipient, tools) !== undefined) return yield* readCall(recipient, "", context);
  if (yield* feed.skip(CALLS)) return yield* readCall("user", CALLS, context);
  return yield* feed.until(CONTENT_END, (text) => out.text(text));
}

/** Is the next text a header, rather than an answer of a model that has forgotten to write one? */
function* headerComes({ feed }: ReadContext): Reading<boolean> {
  for (const mark of [START, MESSAGE, " to=", "to="]) if (yield* feed.startsWith(mark)) return true;
  return false;
}

function* read(context: ReadContext, shown: boolean): Reading {
  const { feed, out } = context;
  let tag: string | undefined;
  if (!(yield* headerComes(context))) tag = yield* feed.until(CONTENT_END, (text) => out.text(text));
  else tag = START;
  while (tag !== undefined) {
    if (tag !== START) {
      // Text between two messages belongs to neither.
      if ((yield* feed.until(NEXT_MESSAGE, () => {})) === undefined) break;
    }
    const header = yield* feed.before(HEADER_END);
    if (header.tag === undefined) break;
    tag = yield* readMessage(header.text, context, shown);
  }
  out.end();
}

const PARAMETER_END = "</atem:parameter>\n";

function parameter(book: RuleBook, { name, required, bare, value }: CallableParameter): Expr {
  const written =
    bare === "text"
      ? textUntil(book, PARAMETER_END)
      : sequence(
          Array.isArray(bare) ? choice(bare.map((text) => literal(text))) : value,
          literal(PARAMETER_END),
        );
  const whole = sequence(literal(`<atem:parameter name="${name}">`), written);
  return required ? whole : optional(book.named(`parameter-${name}`, whole));
}

/** Parameters in tags of their own, or all in one object where a tag's bare text could be read as another value. */
function argumentsOf(book: RuleBook, tool: CallableTool): Expr[] {
  const parameters = tool.parameters();
  if (parameters.some(({ bare }) => bare === undefined)) return [tool.arguments, literal("\n")];
  return parameters.map((each) => parameter(book, each));
}

/** One call: a second one would be a message of its own. */
const writes: CallSyntax = {
  opens: [],
  marks: [],
  *read() {},
  grammar(book, tools) {
    const calls = tools.map((tool) =>
      sequence(
        literal(` to=${tool.name}${MESSAGE}${CALLS}\n<atem:invoke name="${tool.name}">\n`),
        ...argumentsOf(book, tool),
        literal("</atem:invoke>\n</atem:function_calls>"),
      ),
    );
    return book.add("call", choice(calls));
  },
};

/** Glimmer: messages to `self` are thinking, those to a tool are calls, and those to the user are the answer. */
export const glimmer: NamedParser = {
  marks: [START, MESSAGE, MESSAGE_END, TURN_END],
  writes,
  tags: { open: ` to=self${MESSAGE}`, close: `${MESSAGE_END}${START}assistant` },
  answerHead: ` to=user${MESSAGE}`,
  rules: { keepsSpace: { before: true, behind: true } },
  read: (context, start) => read(context, start.think === undefined || thinks(start)),
};
