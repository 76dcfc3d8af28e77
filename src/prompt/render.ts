import type { CompletionInput, Think } from "../intent/generate.ts";
import type { Message, ToolDefinition } from "../intent/message.ts";
import { Budget } from "../lib/budget.ts";
import type { Clock } from "../lib/clock.ts";
import { defined } from "../lib/defined.ts";
import { AppError, badRequest } from "../lib/errors.ts";
import { costOfConversation } from "./conversation-cost.ts";
import { goChatTemplate, renderGoChat, renderGoSuffix } from "./go-template/go-render.ts";
import { GoTemplateError, type ThinkingTags } from "./go-template/index.ts";
import { jinjaAbilities } from "./jinja/abilities.ts";
import { jinjaFacts } from "./jinja/facts.ts";
import { renderJinja } from "./jinja/render.ts";
import { chatMessages, completionMessages } from "./messages.ts";
import type { PromptModel } from "./prompt-model.ts";
import { payForRendering } from "./renderers/cost.ts";
import { renderByName } from "./renderers/index.ts";

export interface RenderedText {
  text: string;
  /** Images in the messages that the text stands for. */
  images: number;
}

/** One rendering as plain data, so that it can be done in another thread. */
export type RenderJob = { model: PromptModel } & (
  | { type: "verbatim"; text: string; images: number }
  /** `tools` undefined: the request is of a kind that has no tools. */
  | {
      type: "chat";
      messages: readonly Message[];
      tools?: readonly ToolDefinition[];
      how: How;
    }
  /** One run of a Go template: the request's own, or one with a place for a suffix. */
  | { type: "direct"; input: CompletionInput; how: How }
);

/** Settings of a rendering besides its messages; `now` is in milliseconds since the epoch. */
interface How {
  think?: Think;
  now: number;
}

/** A request, ready to be rendered with all of its messages or, to save room, with some of them. */
export interface PromptPlan {
  /** Empty for a prompt that cannot be shortened by messages: raw, with a suffix, or with the request's own template. */
  messages: readonly Message[];
  job(messages: readonly Message[]): RenderJob;
}

export interface RenderOptions {
  think?: Think;
  clock: Pick<Clock, "now">;
}

const howOf = ({ think, clock }: RenderOptions): How => ({
  now: clock.now(),
  ...defined({ think }),
});

/** How a model's prompts are written: with a template, or by the renderer of that name. */
export type PromptFormat =
  | { type: "go"; text: string }
  | { type: "jinja"; text: string }
  | { type: "renderer"; name: string };

/** The fields of a model that decide how its prompts are written. */
export type Templates = Pick<PromptModel, "template" | "chatTemplate" | "renderer">;

/** Template of a model that has none (docs/behaviour: modelfile §2.3). */
const PLAIN_TEMPLATE = "{{ .Prompt }}";

/**
 * A renderer goes before the Modelfile's TEMPLATE, and that before the GGUF's own template; without any of them the prompt is passed
 * on as it is.
 */
export function promptFormat({ template, chatTemplate, renderer }: Templates): PromptFormat {
  if (renderer !== undefined) return { type: "renderer", name: renderer };
  if (template !== undefined && template !== "") return { type: "go", text: template };
  if (chatTemplate !== undefined && chatTemplate !== "") return { type: "jinja", text: chatTemplate };
  return { type: "go", text: PLAIN_TEMPLATE };
}

/** How the answers to a template's prompts are written, as far as the template tells. */
export interface AnswerFormat {
  /** The template itself: which tags and texts occur in it tells how the model writes tool calls. */
  template: string;
  /** Text that opens a tool call in a history; `{` when the template does not show one. */
  toolCallTag: string;
  /** The tags around thinking; undefined: thinking cannot be told from the answer. */
  thinking: ThinkingTags | undefined;
}

/**
 * Reads off a model's template how its answers are written. Undefined: its prompts are written by a renderer, which does not tell.
 *
 * @param budget pays for it. Default: what one request may cause.
 * @throws AppError `internal` when the model's template does not parse.
 * @throws OverBudget when reading it would take too long.
 */
export function answerFormat(templates: Templates, budget = new Budget()): AnswerFormat | undefined {
  const format = promptFormat(templates);
  if (format.type === "renderer") return undefined;
  const { type, text: template } = format;
  if (type === "go") {
    const { toolCallTag, thinking } = goErrors(() => goChatTemplate(template, budget).facts);
    return { template, toolCallTag, thinking };
  }
  const { toolCallTag } = jinjaAbilities(template, budget);
  return { template, toolCallTag, thinking: jinjaFacts(template).thinking };
}

/** A Go template that does not parse or run is a server error with Go's text (docs/behaviour: api-native §4). */
function goErrors<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof GoTemplateError) throw new AppError("internal", error.message, { cause: error });
    throw error;
  }
}

const imagesIn = (messages: readonly Message[]): number =>
  messages.reduce((count, { images = [] }) => count + images.length, 0);

/** The tokenizer's own BOS token makes one that a template or a client wrote a second. */
function withoutBos(text: string, { addsBos, bosToken }: PromptModel): string {
  if (!addsBos || bosToken === "") return text;
  let start = 0;
  while (text.startsWith(bosToken, start)) start += bosToken.length;
  return text.slice(start);
}

type ChatJob = Extract<RenderJob, { type: "chat" }>;
type DirectJob = Extract<RenderJob, { type: "direct" }>;

const settingsOf = ({ think, now }: How, budget: Budget) => ({
  budget,
  clock: { now: () => now },
  ...defined({ think }),
});

/** @throws AppError `internal` for an unknown name: nothing else knows how such a model wants its prompts. */
function renderNamed(name: string, { model, messages, tools = [], how }: ChatJob, budget: Budget): string {
  const { think, clock } = settingsOf(how, budget);
  const conversation = { messages, tools, think, clock };
  payForRendering(conversation, budget);
  const text = renderByName(name, conversation, model.addsBos);
  if (text !== undefined) return text;
  throw new AppError("internal", `unknown renderer ${JSON.stringify(name)}: a newer llamero may know it`);
}

function renderMessages(job: ChatJob, budget: Budget): string {
  const { model, messages, tools, how } = job;
  budget.spend(costOfConversation(messages, tools));
  const format = promptFormat(model);
  if (format.type === "renderer") return renderNamed(format.name, job, budget);
  const { type, text } = format;
  const settings = settingsOf(how, budget);
  if (type === "go") {
    const known = tools === undefined ? { tools: [] } : tools.length > 0 ? { tools } : {};
    return goErrors(() => renderGoChat(goChatTemplate(text, budget), messages, { ...settings, ...known }));
  }
  const { bosToken, eosToken } = model;
  return renderJinja(text, messages, { ...settings, tools: tools ?? [], bosToken, eosToken });
}

function renderDirectly({ model, input, how }: DirectJob, budget: Budget): string {
  const text = input.template ?? (model.template || PLAIN_TEMPLATE);
  const settings = settingsOf(how, budget);
  return goErrors(() => {
    const template = goChatTemplate(text, budget);
    const { suffix = "" } = input;
    if (suffix === "") {
      return renderGoChat(template, completionMessages(model, input), { ...settings, tools: [] });
    }
    if (!template.facts.suffix) throw badRequest(`${model.shortName} does not support insert`);
    return renderGoSuffix(template, input.prompt, suffix, settings);
  });
}

/**
 * A prompt as text.
 *
 * @throws AppError when the template refuses the messages: `internal` with Go's text for a template that does not parse,
 * `bad_request` for a suffix that the template has no place for.
 * @throws OverBudget when it would take too long. Default budget: what one request may cause.
 */
export function renderJob(job: RenderJob, budget = new Budget()): RenderedText {
  const { model } = job;
  if (job.type === "verbatim") return { text: withoutBos(job.text, model), images: job.images };
  const images = job.type === "chat" ? imagesIn(job.messages) : job.input.images.length;
  const text = job.type === "chat" ? renderMessages(job, budget) : renderDirectly(job, budget);
  return { text: withoutBos(text, model), images };
}

/** A chat request as messages to render. */
export const chatPlan = (
  model: PromptModel,
  messages: readonly Message[],
  tools: readonly ToolDefinition[],
  options: RenderOptions,
): PromptPlan => ({
  messages: chatMessages(model, messages),
  job: (kept) => ({ type: "chat", model, messages: kept, tools, how: howOf(options) }),
});

/**
 * A generate request as messages to render (docs/behaviour: api-native §4): raw goes to the model as it is; with a suffix or a template of
 * its own it is one run of a Go template; otherwise it is rendered like a chat.
 */
export function completionPlan(
  model: PromptModel,
  input: CompletionInput,
  options: RenderOptions,
): PromptPlan {
  const images = input.images.length;
  if (input.raw)
    return { messages: [], job: () => ({ type: "verbatim", model, text: input.prompt, images }) };
  const how = howOf(options);
  if ((input.suffix ?? "") !== "" || (input.template ?? "") !== "") {
    return { messages: [], job: () => ({ type: "direct", model, input, how }) };
  }
  return {
    messages: completionMessages(model, input),
    job: (kept) => ({ type: "chat", model, messages: kept, how }),
  };
}
