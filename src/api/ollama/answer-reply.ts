import type { Static } from "@sinclair/typebox";
import type { Answer } from "../../inference/answer.ts";
import type { InferenceDeps } from "../../inference/deps.ts";
import { startAnswer } from "../../inference/on-demand.ts";
import type { Translated } from "../../inference/request-options.ts";
import type { GenerateIntent } from "../../intent/generate.ts";
import { generatesNothing } from "../../intent/is-empty.ts";
import type { Exchange } from "../exchange.ts";
import { answerChunks, type ChunkFrame, type ChunkLayout, wholeAnswer } from "./chunks.ts";
import type { ChatReply, GenerateReply } from "./schema/answer.ts";

type AnswerReply = typeof ChatReply | typeof GenerateReply;

export interface OllamaReplyRequest<S extends AnswerReply> {
  translated: Translated<GenerateIntent>;
  /** The request's `stream` field. */
  stream: boolean;
  schema: S;
  layout: ChunkLayout<Static<S>>;
}

/**
 * The reply of generate and chat: a stream of chunks, or one object when the client wants no stream or nothing is generated.
 *
 * @throws AppError for a failure before the first chunk or sign of life.
 */
export async function ollamaAnswerReply<S extends AnswerReply>(
  { translated, stream, schema, layout }: OllamaReplyRequest<S>,
  call: Exchange,
  deps: InferenceDeps,
): Promise<Response> {
  const { intent, notices } = translated;
  call.notices.add(notices);
  const frame = { model: intent.model, clock: deps.clock, layout };
  const begin = async () => {
    const answer = await startAnswer(intent, deps, call);
    call.notices.add(answer.notices);
    return answer;
  };
  if (stream && !generatesNothing(intent)) {
    return call.lines(schema, chunksOf(begin, frame), { waits: true });
  }
  return call.json(schema, await wholeAnswer(await begin(), frame));
}

/** Begins the answer within the stream, so that the stream gives signs of life while the model loads or the request waits. */
async function* chunksOf<Reply>(
  begin: () => Promise<Answer>,
  frame: ChunkFrame<Reply>,
): AsyncGenerator<Reply> {
  yield* answerChunks(await begin(), frame);
}
