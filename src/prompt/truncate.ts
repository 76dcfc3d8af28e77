import type { Message } from "../intent/message.ts";
import type { RenderedText } from "./render.ts";

/** A conversation that can be rendered with all of its messages or with some of them. */
export interface RenderableConversation {
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
  /** Tokens of the prompt. They may still be more than the context: then the last message alone is too long. */
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

/** Characters of a message that a prompt grows with, about. */
const lengthOf = ({ content, thinking = "", toolCalls = [] }: Message): number =>
  1 + content.length + thinking.length + toolCalls.length;

/**
 * The cut from which on the messages have about `share` of all text: where to look first.
 * @returns an index of `cuts`, never its first.
 */
function likelyCut(messages: readonly Message[], cuts: readonly number[], share: number): number {
  const most = share * messages.reduce((sum, message) => sum + lengthOf(message), 0);
  let kept = 0;
  let at = messages.length;
  while (at > 0 && kept + lengthOf(messages[at - 1]!) <= most) kept += lengthOf(messages[--at]!);
  const found = cuts.findIndex((cut) => cut >= at);
  return Math.max(1, found < 0 ? cuts.length - 1 : found);
}

/**
 * The first cut behind which a prompt fits, or the last one where none does.
 *
 * Looked for from the short end: a probe keeps at most twice as many turns as one that fitted, or half as many as one that did not, so
 * that all probes together render little more than the conversation itself, however long it is.
 *
 * @param first index of the cut to try first.
 */
async function firstFitting(
  cuts: number,
  first: number,
  fits: (cut: number) => Promise<boolean>,
): Promise<number> {
  let [tooLong, short] = [0, cuts - 1];
  let [foundLong, foundShort] = [false, false];
  let probe = Math.min(first, short - 1);
  while (short - tooLong > 1) {
    if (await fits(probe)) [short, foundShort] = [probe, true];
    else [tooLong, foundLong] = [probe, true];
    const kept = cuts - probe;
    if (foundLong === foundShort) probe = (tooLong + short) >> 1;
    else probe = cuts - (foundShort ? kept * 2 : kept >> 1);
    probe = Math.min(Math.max(probe, tooLong + 1), short - 1);
  }
  return short;
}

/**
 * Drops the oldest messages until the prompt fits the context (docs/behaviour: scheduler-and-env §2.1): system messages and the last
 * message stay, a tool call goes together with its results. Unlike Ollama, it then leaves room for the answer.
 *
 * Renders once when everything fits, else about log₂ of the number of turns, and of those only what may fit: see {@link firstFitting}. It
 * gives what trying one message after the other gives as long as a prompt does not grow when a message is taken away. Should a
 * template break that rule, the prompt still fits, with perhaps fewer messages than possible.
 */
export async function fitMessages(
  conversation: RenderableConversation,
  options: FitOptions,
): Promise<FittedPrompt> {
  const { messages } = conversation;
  const fit = async (kept: readonly Message[]): Promise<FittedPrompt> => {
    const rendered = await conversation.render(kept);
    const tokens = await options.count(rendered.text);
    return { ...rendered, messages: kept, dropped: messages.length - kept.length, tokens };
  };
  const { contextLength, roomForAnswer = 0 } = options;
  const most = contextLength - roomForAnswer;

  const whole = await fit(messages);
  const cuts = cutsOf(messages);
  if (whole.tokens <= contextLength || cuts.length < 2) return whole;
  let best: FittedPrompt | undefined;
  const cut = await firstFitting(
    cuts.length,
    likelyCut(messages, cuts, most / whole.tokens),
    async (index) => {
      const candidate = await fit(keptFrom(messages, cuts[index]!));
      if (candidate.tokens > most) return false;
      best = candidate;
      return true;
    },
  );
  return best ?? fit(keptFrom(messages, cuts[cut]!));
}
