import type { Static, TSchema } from "@sinclair/typebox";
import type { InferenceDeps } from "../../inference/deps.ts";
import type { Translated } from "../../inference/request-options.ts";
import type { GenerateIntent } from "../../intent/generate.ts";
import type { Exchange } from "../exchange.ts";
import type { ServerSentEvent } from "../wire/sse.ts";
import { answerAll, type ChoiceEvent, choicesOf } from "./choices.ts";
import { type Frame, headOf } from "./frame.ts";
import { errorBody } from "./render-error.ts";

type ReplySchema = TSchema & { static: object };

/** How an endpoint writes its answers. */
export interface Writer<Whole extends ReplySchema, Chunk extends ReplySchema> {
  /** Prefix of ids. */
  id: string;
  /** Schema of the whole reply, and of an event's data. */
  schemas: { whole: Whole; chunk: Chunk };
  stream(events: AsyncIterable<ChoiceEvent>, frame: Frame): AsyncIterable<ServerSentEvent<Static<Chunk>>>;
  whole(events: AsyncIterable<ChoiceEvent>, frame: Frame): Promise<Static<Whole>>;
}

export interface AnswerRequest<Whole extends ReplySchema, Chunk extends ReplySchema> {
  body: {
    model?: string;
    stream?: boolean;
    stream_options?: { include_usage?: boolean };
    cache_diagnostics?: boolean;
  };
  /** One intent a prompt. */
  translated: Translated<GenerateIntent[]>;
  /** Answers to each prompt. */
  answers: number;
  writer: Writer<Whole, Chunk>;
  /** Names of the tools whose calls are of one text. Default: none. */
  customTools?: ReadonlySet<string>;
}

/**
 * The reply with all answers: a stream of events, or one object.
 *
 * @throws AppError for a failure before the reply has begun.
 */
export async function answerReply<Whole extends ReplySchema, Chunk extends ReplySchema>(
  { body, translated, answers, writer, customTools = new Set() }: AnswerRequest<Whole, Chunk>,
  call: Exchange,
  deps: InferenceDeps,
): Promise<Response> {
  call.notices.add(translated.notices);
  const frame: Frame = {
    head: headOf(writer.id, body.model ?? "", deps.clock),
    answers,
    includeUsage: body.stream_options?.include_usage || body.cache_diagnostics || false,
    notices: call.notices,
    customTools,
  };
  const events = answerAll(choicesOf(translated.intent, answers), deps, call);
  if (!body.stream) return call.json(writer.schemas.whole, await writer.whole(events, frame));
  return call.events(writer.schemas.chunk, writer.stream(events, frame), {
    failure: (error) => ({ data: errorBody(error) }),
  });
}
