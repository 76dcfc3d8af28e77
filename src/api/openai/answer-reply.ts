import type { InferenceDeps } from "../../inference/deps.ts";
import type { Translated } from "../../inference/request-options.ts";
import type { GenerateIntent } from "../../intent/generate.ts";
import { type ConnectionTimeouts, holdOpen } from "../wire/hold-open.ts";
import { NoticeBoard } from "../wire/notice-board.ts";
import { jsonReply } from "../wire/reply.ts";
import { type ServerSentEvent, sseReply } from "../wire/sse.ts";
import { abortedWith } from "../wire/stream-reply.ts";
import { answerAll, type ChoiceEvent, choicesOf } from "./choices.ts";
import { type Frame, headOf } from "./frame.ts";
import { errorBody } from "./render-error.ts";

/** How an endpoint writes its answers. */
export interface Writer {
  /** Prefix of ids. */
  id: string;
  stream(events: AsyncIterable<ChoiceEvent>, frame: Frame): AsyncIterable<ServerSentEvent>;
  whole(events: AsyncIterable<ChoiceEvent>, frame: Frame): Promise<object>;
}

export interface AnswerRequest {
  request: Request;
  server: ConnectionTimeouts | null;
  body: { model?: string; stream?: boolean; stream_options?: { include_usage?: boolean } };
  /** One intent a prompt. */
  translated: Translated<GenerateIntent[]>;
  /** Answers to each prompt. */
  answers: number;
  writer: Writer;
}

/**
 * The reply with all answers: a stream of events, or one object.
 *
 * @throws AppError for a failure before the reply has begun.
 */
export async function answerReply(asked: AnswerRequest, deps: InferenceDeps): Promise<Response> {
  const { request, server, body, translated, answers, writer } = asked;
  holdOpen(server, request);
  const notices = new NoticeBoard(new URL(request.url).pathname, deps.logger);
  notices.add(translated.notices);
  const frame: Frame = {
    head: headOf(writer.id, body.model ?? "", deps.clock),
    answers,
    includeUsage: body.stream_options?.include_usage ?? false,
    notices,
  };
  const abort = abortedWith(request.signal);
  const events = answerAll(choicesOf(translated.intent, answers), deps, abort.signal);
  const headers = () => notices.headers();
  if (!body.stream) {
    const whole = await writer.whole(events, frame);
    return jsonReply(whole, { headers: headers() });
  }
  const failure = (error: Parameters<typeof errorBody>[0]) => ({ data: errorBody(error) });
  return sseReply(writer.stream(events, frame), { clock: deps.clock, abort, headers, failure });
}
