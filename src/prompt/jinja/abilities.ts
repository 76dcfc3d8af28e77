import { Budget } from "../../lib/budget.ts";
import type { Clock } from "../../lib/clock.ts";
import { AppError } from "../../lib/errors.ts";
import { Lru } from "../../lib/lru.ts";
import type { TakenForms } from "./forms.ts";
import { type JinjaTemplate, jinjaTemplate } from "./template.ts";

/** In which form a template wants a conversation: found by rendering small conversations and examining the results. */
export interface JinjaAbilities extends TakenForms {
  /** Message content must be a list of `{type: "text", text}` parts: given a string, the template loses it. */
  typedContent: boolean;
  /** The value of `tools` without tools: none, as in Transformers, unless the template insists on a list. */
  noTools: null | [];
  /** The template prints a system message. */
  systemRole: boolean;
  /** Tool-call arguments are printed when given as an object; otherwise they must be given as JSON text. */
  objectArguments: boolean;
  /** Ids of tool calls must have the nine letters and digits of Mistral's: the template refuses those that llamero gives. */
  shortIds: boolean;
  /** Text that opens a tool call in a history, up to its name or its first brace; `{` when there is none. */
  toolCallTag: string;
}

const MARK = "llamero-probe";
const ANSWER = "llamero-answer";
const TOOL = "llamero_tool";
const CALL_ID = "call00001";
const LONG_ID = "call_0a1b2c3d";
/** Probes must not depend on the day. */
const EPOCH: Pick<Clock, "now"> = { now: () => 0 };
const TOOLS = [
  {
    type: "function",
    function: {
      name: TOOL,
      description: "probe",
      parameters: { type: "object", properties: { probe: { type: "string" } }, required: [] },
    },
  },
];

type Content = string | { type: "text"; text: string }[];
type Probe = (messages: Record<string, unknown>[], tools?: unknown) => string;

/** The template's rendering of the messages; "" when it refuses them. */
const probeOf =
  (template: JinjaTemplate, noTools: null | [], budget: Budget): Probe =>
  (messages, tools = noTools) => {
    try {
      const special = { bos_token: "", eos_token: "", add_generation_prompt: false };
      return template.render({ messages, tools, documents: null, ...special }, EPOCH, budget);
    } catch (error) {
      if (error instanceof AppError) return "";
      throw error;
    }
  };

function callHistory(
  content: (text: string) => Content,
  args: unknown,
  id = CALL_ID,
): Record<string, unknown>[] {
  const call = { id, type: "function", function: { name: TOOL, arguments: args } };
  return [
    { role: "user", content: content("question") },
    { role: "assistant", content: "", tool_calls: [call] },
    { role: "tool", name: TOOL, tool_call_id: id, content: content("result") },
    { role: "assistant", content: content(ANSWER) },
  ];
}

/** A tag that two renderings have in common up to its middle: `<t` of `<think>` and `<tool_call>`. */
const OPEN_TAG = /[<[][^<>[\]\s]*$/;

/** The text between the beginning that all answers share and the call's name, id or first brace. */
function tagBefore(rendered: string, plain: string): string {
  let common = 0;
  while (common < rendered.length && rendered[common] === plain[common]) common++;
  const start = common - (OPEN_TAG.exec(rendered.slice(0, common))?.[0].length ?? 0);
  const call = rendered.slice(start);
  const ends = [TOOL, CALL_ID, "{"].map((end) => call.indexOf(end)).filter((at) => at >= 0);
  return call.slice(0, Math.min(...ends, call.length)).trim();
}

const parts = (text: string): Content => [{ type: "text", text }];
const plainText = (text: string): Content => text;
const userSays = (content: Content) => ({ role: "user", content });

/** The first way of putting a user's words that the template prints; plain text without tools when none does. */
function firstWorking(template: JinjaTemplate, budget: Budget) {
  for (const content of [plainText, parts]) {
    for (const noTools of [null, [] as []]) {
      const probe = probeOf(template, noTools, budget);
      if (probe([userSays(content(MARK))]).includes(MARK)) return { content, noTools, probe };
    }
  }
  return { content: plainText, noTools: null, probe: undefined };
}

function explore(text: string, budget: Budget): JinjaAbilities {
  const template = jinjaTemplate(text, budget);
  const { content, noTools, probe } = firstWorking(template, budget);
  const base = { typedContent: content === parts, noTools, developerRole: text.includes("developer") };
  if (probe === undefined) {
    const usual = { systemRole: true, objectArguments: true, shortIds: false, toolCallTag: "{" };
    return { ...base, ...usual, systemAnywhere: true, repeatedRoles: true };
  }
  const user = userSays(content("question"));
  const answer = { role: "assistant", content: content(ANSWER) };
  const withObject = probe(callHistory(content, { probe: MARK }), TOOLS);
  const withText = probe(callHistory(content, JSON.stringify({ probe: MARK })), TOOLS);
  const objectArguments = withObject.includes(MARK) || !withText.includes(MARK);
  const plain = probe([user, answer], TOOLS);
  const history = objectArguments ? withObject : withText;
  const withLongId = probe(callHistory(content, objectArguments ? { probe: MARK } : "{}", LONG_ID), TOOLS);
  const system = (text: string) => ({ role: "system", content: content(text) });
  const twoInFront = probe([system("rule"), system(MARK), user]);
  const oneLater = probe([system("rule"), user, answer, system(MARK), user]);
  const twoQuestions = probe([user, userSays(content(MARK))]);
  const showsCalls = history.includes(MARK) && plain.includes(ANSWER);
  return {
    ...base,
    systemRole: probe([system(MARK), user]).includes(MARK),
    systemAnywhere: twoInFront.includes(MARK) && oneLater.includes(MARK),
    repeatedRoles: twoQuestions.includes(MARK) && twoQuestions.includes("question"),
    objectArguments,
    shortIds: history !== "" && withLongId === "",
    toolCallTag: (showsCalls && tagBefore(history, plain)) || "{",
  };
}

const MAX_CACHED = 64;
const cache = new Lru<string, JinjaAbilities>(MAX_CACHED);

/**
 * The abilities of a template text; the last 64 are remembered.
 * @throws AppError `internal` when the text is no Jinja.
 * @throws OverBudget when finding out would take too long. Default budget: what one request may cause.
 */
export const jinjaAbilities = (text: string, budget = new Budget()): JinjaAbilities =>
  cache.take(text, () => explore(text, budget));
