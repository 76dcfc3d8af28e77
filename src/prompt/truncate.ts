import type { Message } from "../intent/message.ts";
import type { RenderedText } from "./render.ts";

/** A conversation that can be rendered with all of its messages or with some of them. */
export interface Conversation {
  messages: readonly Message[];
  /** @throws AppError when the template refuses the messages. */
  render(messages: readonly Message[]): RenderedText | Promise<RenderedText>;
}

export interface FitOptions {
  /** Most tokens that the prompt may have. */
  contextLength: number;
  /**
   * Tokens to leave free once messages have to go: an answer without room for it would shift the system message out of the
   * context, and the next request would drop messages again. Default 0.
   */
  roomForAnswer?: number;
  /** Tokens in a rendered prompt. */
  count: (text: string) => number | Promise<number>;
}

export interface FittedPrompt extends RenderedText {
  messages: readonly Message[];
  /** Messages that were left out; 0 when all fit. */
  dropped: number;
  /** May still be more than the context: then the last message alone is too long. */
  tokens: number;
}

const hasCalls = ({ toolCalls = [] }: Message): boolean => toolCalls.length > 0;

/**
 * Where a conversation may be cut: before each message but those of the system, which always stay, and never between a tool call
 * and its results. The last cut leaves the last message, with the call that it answers.
 */
export function cutsOf(messages: readonly Message[]): number[] {
  const cuts: number[] = [];
  let answering = false;
  for (const [index, message] of messages.entries()) {
    if (message.role === "system") continue;
    if (!(message.role === "tool" && answering)) cuts.push(index);
    answering = hasCalls(message) || (message.role === "tool" && answering);
  }
  return cuts;
}

const keptFrom = (messages: readonly Message[], cut: number): Message[] =>
  messages.filter(({ role }, index) => index >= cut || role === "system");

/**
 * Drops the oldest messages until the prompt fits the context (docs/behaviour: scheduler-and-env §2.1): system messages and the last
 * message stay, a tool call goes together with its results. Unlike Ollama, it then leaves room for the answer.
 *
 * Renders once when everything fits, else about log₂ of the number of turns: the cut is found by halving, which gives what trying
 * one message after the other gives as long as a prompt does not grow when a message is taken away. Should a template break that
 * rule, the prompt still fits, with perhaps fewer messages than possible.
 */
export async function fitMessages(conversation: Conversation, options: FitOptions): Promise<FittedPrompt> {
  const { messages } = conversation;
  const fit = async (kept: readonly Message[]): Promise<FittedPrompt> => {
    const rendered = await conversation.render(kept);
    const tokens = await options.count(rendered.text);
    return { ...rendered, messages: kept, dropped: messages.length - kept.length, tokens };
  };
  const { contextLength, roomForAnswer = 0 } = options;
  const fits = ({ tokens }: FittedPrompt): boolean => tokens <= contextLength - roomForAnswer;

  const whole = await fit(messages);
  const cuts = cutsOf(messages);
  if (whole.tokens <= contextLength || cuts.length < 2) return whole;
  let tooLong = 0;
  let short = cuts.length - 1;
  let best: FittedPrompt | undefined;
  while (short - tooLong > 1) {
    const middle = (tooLong + short) >> 1;
    const candidate = await fit(keptFrom(messages, cuts[middle]!));
    if (fits(candidate)) {
      short = middle;
      best = candidate;
    } else {
      tooLong = middle;
    }
  }
  return best ?? fit(keptFrom(messages, cuts[short]!));
}
