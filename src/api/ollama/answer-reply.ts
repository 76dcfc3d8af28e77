import type { Static } from "@sinclair/typebox";
import type { InferenceDeps } from "../../inference/deps.ts";
import { startAnswer } from "../../inference/on-demand.ts";
import type { Translated } from "../../inference/request-options.ts";
import type { GenerateIntent } from "../../intent/generate.ts";
import type { Exchange } from "../exchange.ts";
import { answerChunks, type Layout, wholeAnswer } from "./chunks.ts";
import type { ChatReply, GenerateReply } from "./model/answer.ts";

type AnswerReply = typeof ChatReply | typeof GenerateReply;

export interface AnswerRequest<S extends AnswerReply> {
  translated: Translated<GenerateIntent>;
  /** The request's `stream` field. */
  stream: boolean;
  schema: S;
  layout: Layout<Static<S>>;
}

/**
 * The reply of generate and chat: a stream of chunks, or one object when the client wants no stream or nothing is generated.
 *
 * @throws AppError for a failure before the first chunk.
 */
export async function answerReply<S extends AnswerReply>(
  { translated, stream, schema, layout }: AnswerRequest<S>,
  call: Exchange,
  deps: InferenceDeps,
): Promise<Response> {
  const answer = await startAnswer(translated.intent, deps, call);
  call.notices.add([...translated.notices, ...answer.notices]);
  const frame = { model: translated.intent.model, clock: deps.clock, layout };
  if (!stream || answer.immediate) return call.json(schema, await wholeAnswer(answer, frame));
  return call.lines(schema, answerChunks(answer, frame));
}
