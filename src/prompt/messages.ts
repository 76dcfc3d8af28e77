import type { CompletionInput } from "../intent/generate.ts";
import type { Message } from "../intent/message.ts";
import { familyOf } from "../models/families.ts";
import type { PromptModel } from "./prompt-model.ts";

const THINKING = /^\s*<think>[\s\S]*?<\/think>\s*/;

const system = (content: string | undefined): Message[] =>
  content === undefined || content === "" ? [] : [{ role: "system", content }];

const forgetsThinking = ({ family, shortName }: PromptModel): boolean =>
  familyOf(family, shortName).forgetsThinking;

function withoutOldThinking(messages: readonly Message[]): Message[] {
  const lastUser = messages.findLastIndex(({ role }) => role === "user");
  return messages.map((message, index) =>
    message.role === "assistant" && index < lastUser
      ? { ...message, content: message.content.replace(THINKING, "") }
      : message,
  );
}

/**
 * The conversation that a chat request stands for: the model's SYSTEM, unless the request begins with a system message, then
 * the model's MESSAGEs, then the request's own (docs/behaviour: api-native §5).
 */
export function chatMessages(model: PromptModel, messages: readonly Message[]): Message[] {
  const leading = messages[0]?.role === "system" ? [] : system(model.system);
  const all = [...leading, ...model.messages, ...messages];
  return forgetsThinking(model) ? withoutOldThinking(all) : all;
}

/**
 * The conversation that a generate request stands for: system (the request's, else the model's), the model's MESSAGEs unless a
 * context continues an earlier answer, and the prompt (docs/behaviour: api-native §4).
 */
export function completionMessages(model: PromptModel, input: CompletionInput): Message[] {
  const examples = input.context === undefined ? model.messages : [];
  const user: Message = {
    role: "user",
    content: input.prompt,
    ...(input.images.length > 0 && { images: input.images }),
  };
  const all = [...system(input.system || model.system), ...examples, user];
  return forgetsThinking(model) ? withoutOldThinking(all) : all;
}
