import type { CompletionInput, Think } from "../intent/generate.ts";
import type { Message, ToolDefinition } from "../intent/message.ts";
import type { Clock } from "../lib/clock.ts";
import { AppError, badRequest } from "../lib/errors.ts";
import { goChatTemplate, renderGoChat, renderGoSuffix } from "./go-template/go-render.ts";
import { GoTemplateError, type ThinkingTags } from "./go-template/index.ts";
import { jinjaAbilities } from "./jinja/abilities.ts";
import { jinjaFacts } from "./jinja/facts.ts";
import { renderJinja } from "./jinja/render.ts";
import { chatMessages, completionMessages } from "./messages.ts";
import type { PromptModel } from "./prompt-model.ts";
import { renderByName } from "./renderers/index.ts";

export interface RenderedText {
  text: string;
  /** Images in the messages that the text stands for. */
  images: number;
}

/** A request, ready to be rendered with all of its messages or, to save room, with some of them. */
export interface PromptPlan {
  /** Empty for a prompt that cannot be shortened by messages: raw, with a suffix, or with the request's own template. */
  messages: readonly Message[];
  /** @throws AppError when the template refuses the messages. */
  render(messages: readonly Message[]): RenderedText;
}

export interface RenderOptions {
  think?: Think;
  clock: Clock;
}

/** What a model's prompts are made with: a template, or the renderer of that name. */
export type PromptFormat =
  | { type: "go"; text: string }
  | { type: "jinja"; text: string }
  | { type: "renderer"; name: string };

type FormatFacts = Pick<PromptModel, "template" | "chatTemplate" | "renderer">;

/** Template of a model that has none (spec: modelfile §2.3). */
const PLAIN_TEMPLATE = "{{ .Prompt }}";

/**
 * A renderer goes before the Modelfile's TEMPLATE, and that before the GGUF's own template; without any of them the prompt is passed
 * on as it is.
 */
export function promptFormat({ template, chatTemplate, renderer }: FormatFacts): PromptFormat {
  if (renderer !== undefined) return { type: "renderer", name: renderer };
  if (template !== undefined && template !== "") return { type: "go", text: template };
  if (chatTemplate !== undefined && chatTemplate !== "") return { type: "jinja", text: chatTemplate };
  return { type: "go", text: PLAIN_TEMPLATE };
}

/** What reading an answer needs: how this model opens its tool calls, and what it puts around its thinking. */
export interface AnswerFormat {
  toolCallTag: string;
  thinking: ThinkingTags | undefined;
}

/** @throws AppError `internal` when the model's template does not parse. */
export function answerFormat(model: FormatFacts): AnswerFormat {
  const format = promptFormat(model);
  if (format.type === "renderer") return { toolCallTag: "", thinking: undefined };
  const { type, text } = format;
  if (type === "go") {
    const { toolCallTag, thinking } = goErrors(() => goChatTemplate(text).facts);
    return { toolCallTag, thinking };
  }
  return { toolCallTag: jinjaAbilities(text).toolCallTag, thinking: jinjaFacts(text).thinking };
}

/** A Go template that does not parse or run is a server error with Go's text (spec: api-native §4). */
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

/** @throws AppError `internal` for a name that there is not: nothing else knows how such a model wants its prompts. */
function renderNamed(
  name: string,
  { addsBos }: PromptModel,
  messages: readonly Message[],
  tools: readonly ToolDefinition[],
  { think, clock }: RenderOptions,
): string {
  const text = renderByName(name, { messages, tools, think, clock }, addsBos);
  if (text !== undefined) return text;
  throw new AppError("internal", `unknown renderer ${JSON.stringify(name)}: a newer llamero may know it`);
}

/** @param tools undefined: the request is of a kind that has no tools. */
function renderWith(
  model: PromptModel,
  messages: readonly Message[],
  tools: readonly ToolDefinition[] | undefined,
  options: RenderOptions,
): string {
  const format = promptFormat(model);
  if (format.type === "renderer") return renderNamed(format.name, model, messages, tools ?? [], options);
  const { type, text } = format;
  if (type === "go") {
    const known = tools === undefined ? { tools: [] } : tools.length > 0 ? { tools } : {};
    return goErrors(() => renderGoChat(goChatTemplate(text), messages, { ...options, ...known }));
  }
  const { bosToken, eosToken } = model;
  return renderJinja(text, messages, { ...options, tools: tools ?? [], bosToken, eosToken });
}

/** A chat request as messages to render. */
export const chatPlan = (
  model: PromptModel,
  messages: readonly Message[],
  tools: readonly ToolDefinition[],
  options: RenderOptions,
): PromptPlan => ({
  messages: chatMessages(model, messages),
  render: (kept) => ({
    text: withoutBos(renderWith(model, kept, tools, options), model),
    images: imagesIn(kept),
  }),
});

/** A chat request as text, nothing dropped. See {@link chatPlan} and `truncate.ts` for one that must fit. */
export function renderChat(
  model: PromptModel,
  messages: readonly Message[],
  tools: readonly ToolDefinition[],
  options: RenderOptions,
): RenderedText {
  const plan = chatPlan(model, messages, tools, options);
  return plan.render(plan.messages);
}

function renderDirectly(model: PromptModel, input: CompletionInput, options: RenderOptions): string {
  const text = input.template ?? (model.template || PLAIN_TEMPLATE);
  return goErrors(() => {
    const template = goChatTemplate(text);
    const { suffix = "" } = input;
    if (suffix === "") {
      return renderGoChat(template, completionMessages(model, input), { ...options, tools: [] });
    }
    if (!template.facts.suffix) throw badRequest(`${model.shortName} does not support insert`);
    return renderGoSuffix(template, input.prompt, suffix, options);
  });
}

/**
 * A generate request as messages to render (spec: api-native §4): raw goes to the model as it is; with a suffix or a template of
 * its own it is one run of a Go template; otherwise it is rendered like a chat.
 *
 * @param contextText `input.context` as text; it goes in front of the prompt.
 * @throws AppError on render: `internal` with Go's text for a template that does not parse, `bad_request` for a suffix that the
 * template has no place for.
 */
export function completionPlan(
  model: PromptModel,
  input: CompletionInput,
  options: RenderOptions & { contextText?: string },
): PromptPlan {
  const { contextText = "" } = options;
  const images = input.images.length;
  if (input.raw) return { messages: [], render: () => ({ text: withoutBos(input.prompt, model), images }) };
  if ((input.suffix ?? "") !== "" || (input.template ?? "") !== "") {
    const text = () => withoutBos(contextText + renderDirectly(model, input, options), model);
    return { messages: [], render: () => ({ text: text(), images }) };
  }
  return {
    messages: completionMessages(model, input),
    render: (kept) => ({
      text: withoutBos(contextText + renderWith(model, kept, undefined, options), model),
      images: imagesIn(kept),
    }),
  };
}

/** A generate request as text, nothing dropped. */
export function renderCompletion(
  model: PromptModel,
  input: CompletionInput,
  options: RenderOptions & { contextText?: string },
): RenderedText {
  const plan = completionPlan(model, input, options);
  return plan.render(plan.messages);
}
