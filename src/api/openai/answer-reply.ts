import type { Static, TSchema } from "@sinclair/typebox";
import type { InferenceDeps } from "../../inference/deps.ts";
import type { Translated } from "../../inference/request-options.ts";
import type { GenerateIntent } from "../../intent/generate.ts";
import type { Exchange } from "../exchange.ts";
import type { ServerSentEvent } from "../wire/sse.ts";
import { answerAll, type ChoiceEvent, choicesOf } from "./choices.ts";
import { headOf, type ReplyFrame } from "./frame.ts";
import { openaiErrorBody } from "./render-error.ts";

type ReplySchema = TSchema & { static: object };

/** How an endpoint writes its answers. */
export interface EndpointWriter<Whole extends ReplySchema, Chunk extends ReplySchema> {
  /** Prefix of ids. */
  id: string;
  /** Schema of the whole reply, and of an event's data. */
  schemas: { whole: Whole; chunk: Chunk };
  stream(
    events: AsyncIterable<ChoiceEvent>,
    frame: ReplyFrame,
  ): AsyncIterable<ServerSentEvent<Static<Chunk>>>;
  whole(events: AsyncIterable<ChoiceEvent>, frame: ReplyFrame): Promise<Static<Whole>>;
}

export interface OpenaiReplyRequest<Whole extends ReplySchema, Chunk extends ReplySchema> {
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
  writer: EndpointWriter<Whole, Chunk>;
  /** Names of the tools whose calls are of one text. Default: none. */
  customTools?: ReadonlySet<string>;
}

/**
 * The reply with all answers: a stream of events, or one object.
 *
 * @throws AppError for a failure before the reply has begun.
 */
export async function openaiAnswerReply<Whole extends ReplySchema, Chunk extends ReplySchema>(
  { body, translated, answers, writer, customTools = new Set() }: OpenaiReplyRequest<Whole, Chunk>,
  call: Exchange,
  deps: InferenceDeps,
): Promise<Response> {
  call.notices.add(translated.notices);
  const frame: ReplyFrame = {
    head: headOf(writer.id, body.model ?? "", deps.clock),
    answers,
    includeUsage: body.stream_options?.include_usage || body.cache_diagnostics || false,
    notices: call.notices,
    customTools,
  };
  const events = answerAll(choicesOf(translated.intent, answers), deps, call);
  if (!body.stream) return call.json(writer.schemas.whole, await writer.whole(events, frame));
  return call.events(writer.schemas.chunk, writer.stream(events, frame), {
    failure: (error) => ({ data: openaiErrorBody(error) }),
  });
}
