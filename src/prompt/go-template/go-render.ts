import type { Think } from "../../intent/generate.ts";
import type { Message, ToolDefinition } from "../../intent/message.ts";
import { Budget, type Micros } from "../../lib/budget.ts";
import { Lru } from "../../lib/lru.ts";
import { collate, systemText } from "../collate.ts";
import { cutAtResponse, withResponse } from "./cut.ts";
import type { TemplateClock } from "./functions.ts";
import { goMessage, goThink, goTools } from "./go-data.ts";
import {
  executeGoTemplate,
  type GoTemplate,
  parseGoTemplate,
  type TemplateFacts,
  templateFacts,
} from "./index.ts";
import { type GoValue, goList, goMap } from "./value.ts";

/** A Go chat template, ready to render. */
export interface GoChatTemplate {
  facts: TemplateFacts;
  whole: GoTemplate;
  /** Up to the answer: for the last turn of a template that renders one turn at a time. */
  cut: GoTemplate;
}

export interface GoContext {
  /** Undefined: the request knows no tools, and `.Tools` is nil. */
  tools?: readonly ToolDefinition[];
  think?: Think;
  clock: TemplateClock;
  /** Default: what one request may cause. */
  budget?: Budget;
}

/** Parsing a character. */
const PARSED_MICROS: Micros = 0.3;

const MAX_CACHED = 16;
const cache = new Lru<string, GoChatTemplate>(MAX_CACHED);

/**
 * A template text, parsed; the last 16 are remembered.
 * @throws GoTemplateError when it does not parse.
 * @throws OverBudget when parsing it would take too long. Default budget: what one request may cause.
 */
export const goChatTemplate = (text: string, budget = new Budget()): GoChatTemplate =>
  cache.take(text, () => prepare(text, budget));

function prepare(text: string, budget: Budget): GoChatTemplate {
  budget.spend(text.length * PARSED_MICROS);
  const parsed = parseGoTemplate(text);
  const facts = templateFacts(parsed);
  const whole = facts.messages || facts.response ? parsed : withResponse(parsed);
  return { facts, whole, cut: cutAtResponse(whole) };
}

/**
 * A conversation as text, by the mode that the template asks for (docs/behaviour: modelfile §2.3): one that mentions `.Messages` gets them
 * all at once, any other is run once for each turn.
 */
export function renderGoChat(
  template: GoChatTemplate,
  messages: readonly Message[],
  context: GoContext,
): string {
  const collated = collate(messages);
  if (!template.facts.messages) return renderTurns(template, collated, context);
  return executeGoTemplate(
    template.whole,
    goMap([
      ["System", systemText(messages)],
      ["Messages", goList(collated.map(goMessage), "*chat.Message")],
      ["Tools", goTools(context.tools)],
      ["Response", ""],
      ...goThink(context.think),
    ]),
    context.clock,
    context.budget,
  );
}

/** Text to fill in between `prompt` and `suffix`: one run of the template. */
export const renderGoSuffix = (
  template: GoChatTemplate,
  prompt: string,
  suffix: string,
  context: GoContext,
): string =>
  executeGoTemplate(
    template.whole,
    goMap([["Prompt", prompt], ["Suffix", suffix], ["Response", ""], ...goThink(context.think)]),
    context.clock,
    context.budget,
  );

interface Turn {
  system: string;
  prompt: string;
  response: string;
}

const NOTHING: Turn = { system: "", prompt: "", response: "" };

/** A second text of one kind in a turn (a tool message stood between them) joins the first instead of replacing it. */
const joined = (first: string, second: string): string => (first === "" ? second : `${first}\n\n${second}`);

/**
 * Cuts a conversation into turns. A system text begins one as soon as there is a prompt or a response, a prompt as soon as there
 * is a response. Tool messages have no place in such templates and are left out.
 */
function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = [{ ...NOTHING }];
  for (const { role, content } of messages) {
    const turn = turns.at(-1)!;
    const begins =
      (role === "system" && (turn.prompt !== "" || turn.response !== "")) ||
      (role === "user" && turn.response !== "");
    const target = begins ? { ...NOTHING } : turn;
    if (begins) turns.push(target);
    if (role === "system") target.system = joined(target.system, content);
    if (role === "user") target.prompt = joined(target.prompt, content);
    if (role === "assistant") target.response = joined(target.response, content);
  }
  return turns;
}

function renderTurns(template: GoChatTemplate, messages: readonly Message[], context: GoContext): string {
  const turns = turnsOf(messages);
  const run = (turn: Turn, parsed: GoTemplate): string =>
    executeGoTemplate(parsed, turnData(turn, context.think), context.clock, context.budget);
  return turns
    .map((turn, index) => run(turn, index === turns.length - 1 ? template.cut : template.whole))
    .join("");
}

const turnData = ({ system, prompt, response }: Turn, think: Think | undefined): GoValue =>
  goMap([["System", system], ["Prompt", prompt], ["Response", response], ...goThink(think)]);
