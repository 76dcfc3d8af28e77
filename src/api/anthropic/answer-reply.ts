import type { InferenceDeps } from "../../inference/deps.ts";
import { type ConnectionTimeouts, holdOpen } from "../wire/hold-open.ts";
import { NoticeBoard } from "../wire/notice-board.ts";
import { jsonReply } from "../wire/reply.ts";
import { type ServerSentEvent, sseReply } from "../wire/sse.ts";
import { abortedWith } from "../wire/stream-reply.ts";
import { messageEvents, PING } from "./message-events.ts";
import type { MessageEvent } from "./model/event.ts";
import type { MessagesRequest } from "./model/request.ts";
import { errorBody } from "./render-error.ts";
import { newRequestId, requestIdHeader } from "./request-id.ts";
import { omitsThinking } from "./thinking.ts";
import { stopSequencesOf, translateMessages } from "./translate.ts";
import { wholeMessage } from "./whole-message.ts";

const serverSent = (data: MessageEvent): ServerSentEvent => ({ event: data.type, data });

async function* allServerSent(events: AsyncIterable<MessageEvent>): AsyncGenerator<ServerSentEvent> {
  for await (const event of events) yield serverSent(event);
}

/**
 * The reply to POST /v1/messages: a stream of events, or one message.
 *
 * @throws AppError for a failure before the reply has begun.
 */
export async function answerReply(
  body: MessagesRequest,
  request: Request,
  server: ConnectionTimeouts | null,
  deps: InferenceDeps,
): Promise<Response> {
  const { clock, logger } = deps;
  const translated = translateMessages(body);
  holdOpen(server, request);
  const notices = new NoticeBoard(new URL(request.url).pathname, logger);
  notices.add(translated.notices);
  const style = {
    maxTokens: body.max_tokens ?? 0,
    stopSequences: stopSequencesOf(body),
    omitThinking: omitsThinking(body),
    notices,
  };
  const requestId = newRequestId();
  const abort = abortedWith(request.signal);
  const events = messageEvents(translated.intent, style, deps, abort.signal);
  const headers = () => ({ ...requestIdHeader(requestId), ...notices.headers() });
  if (!body.stream) return jsonReply(await wholeMessage(events), { headers: headers() });
  return sseReply(allServerSent(events), {
    clock,
    abort,
    headers,
    heartbeat: serverSent(PING),
    failure: (error) => ({ event: "error", data: errorBody(error, requestId) }),
  });
}
