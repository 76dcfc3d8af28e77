import type { TokenLogprob } from "../../intent/generate.ts";
import type { ServerSentEvent } from "../wire/sse.ts";
import type { EndpointWriter } from "./answer-reply.ts";
import { DONE } from "./chat-chunks.ts";
import type { ChoiceEvent } from "./choices.ts";
import { completionLogprobs, textLength } from "./completion-logprobs.ts";
import { type ReplyFrame, warned } from "./frame.ts";
import { Completion } from "./schema/reply.ts";
import { UsageSum } from "./usage.ts";

type Choice = Completion["choices"][number];

export interface CompletionStyle {
  /** How many prompts there are. */
  prompts: number;
  /** The prompts as texts, where they go in front of their answers; undefined for one that came as tokens. */
  echo?: readonly (string | undefined)[];
}

/** The text that an event adds to its answer. */
interface Piece {
  text: string;
  logprobs: readonly TokenLogprob[];
  finish: string | null;
}

function pieceOf({ index, event }: ChoiceEvent, style: CompletionStyle, answers: number): Piece | undefined {
  const nothing = { logprobs: [], finish: null };
  switch (event.type) {
    case "begin": {
      if (style.echo === undefined) return undefined;
      const text = style.echo[Math.floor(index / answers)] ?? event.answer.prompt?.text ?? "";
      return { text, ...nothing };
    }
    case "text":
      return { text: event.text, logprobs: event.logprobs ?? [], finish: null };
    case "done":
      return { text: "", logprobs: [], finish: event.reason };
    default:
      // A completion has no place for thinking, and shows no tools that could be called.
      return undefined;
  }
}

/** One answer's tokens so far, for their places in the text. */
class Places {
  #length = 0;

  logprobs({ logprobs }: Piece): Choice["logprobs"] {
    if (logprobs.length === 0) return null;
    const wire = completionLogprobs(logprobs, this.#length);
    this.#length += textLength(logprobs);
    return wire;
  }
}

/** The pieces of all answers, notices and counts taken out. */
async function* pieces(
  events: AsyncIterable<ChoiceEvent>,
  style: CompletionStyle,
  { answers, notices }: ReplyFrame,
  usage: UsageSum,
): AsyncGenerator<Piece & { index: number }> {
  for await (const choice of events) {
    const { index, event } = choice;
    if (event.type === "begin") notices.add(event.answer.notices);
    if (event.type === "done") usage.add(index, event.usage);
    const piece = pieceOf(choice, style, answers);
    if (piece !== undefined) yield { ...piece, index };
  }
}

async function* stream(
  events: AsyncIterable<ChoiceEvent>,
  style: CompletionStyle,
  frame: ReplyFrame,
): AsyncGenerator<ServerSentEvent<Completion>> {
  const { head, answers, includeUsage, notices } = frame;
  const usage = new UsageSum(answers);
  const places = Array.from({ length: style.prompts * answers }, () => new Places());
  const object = "text_completion" as const;
  for await (const piece of pieces(events, style, frame, usage)) {
    const { index, text, finish } = piece;
    const logprobs = places[index]!.logprobs(piece);
    const data: Completion = {
      ...head,
      object,
      choices: [{ text, index, logprobs, finish_reason: finish }],
      ...(includeUsage && { usage: null }),
      ...warned(notices.late()),
    };
    yield { data };
  }
  if (includeUsage) yield { data: { ...head, object, choices: [], usage: usage.wire } };
  yield DONE;
}

async function whole(
  events: AsyncIterable<ChoiceEvent>,
  style: CompletionStyle,
  frame: ReplyFrame,
): Promise<Completion> {
  const { head, answers } = frame;
  const usage = new UsageSum(answers);
  const count = style.prompts * answers;
  const logprobs = Array.from({ length: count }, (): TokenLogprob[] => []);
  const choices = Array.from(
    { length: count },
    (_, index): Choice => ({ text: "", index, logprobs: null, finish_reason: null }),
  );
  for await (const piece of pieces(events, style, frame, usage)) {
    const choice = choices[piece.index]!;
    choice.text += piece.text;
    choice.finish_reason ??= piece.finish;
    logprobs[piece.index]!.push(...piece.logprobs);
  }
  for (const choice of choices) {
    const scored = logprobs[choice.index]!;
    if (scored.length > 0) choice.logprobs = completionLogprobs(scored, 0);
  }
  return { ...head, object: "text_completion", choices, usage: usage.wire };
}

/** Writes completions (docs/behaviour: api-openai §4); several prompts and answers are choices one after the other. */
export const completionWriter = (
  style: CompletionStyle,
): EndpointWriter<typeof Completion, typeof Completion> => ({
  id: "cmpl",
  schemas: { whole: Completion, chunk: Completion },
  stream: (events, frame) => stream(events, style, frame),
  whole: (events, frame) => whole(events, style, frame),
});
