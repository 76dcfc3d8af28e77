import type { InferenceDeps } from "../../inference/deps.ts";
import type { Exchange } from "../exchange.ts";
import type { ServerSentEvent } from "../wire/sse.ts";
import { messageEvents, PING } from "./message-events.ts";
import { anthropicErrorBody } from "./render-error.ts";
import { type MessageEvent, MessageStreamEvent } from "./schema/event.ts";
import { AnthropicMessage } from "./schema/reply.ts";
import type { MessagesRequest } from "./schema/request.ts";
import { omitsThinking } from "./thinking.ts";
import { translateMessages } from "./translate.ts";
import { wholeMessage } from "./whole-message.ts";

type SentEvent = ServerSentEvent<MessageStreamEvent>;

const serverSent = (data: MessageEvent): SentEvent => ({ event: data.type, data });

async function* allServerSent(events: AsyncIterable<MessageEvent>): AsyncGenerator<SentEvent> {
  for await (const event of events) yield serverSent(event);
}

/**
 * The reply to POST /v1/messages: a stream of events, or one message.
 *
 * @param requestId for the envelope of a failure.
 * @throws AppError for a failure before the reply has begun.
 */
export async function anthropicAnswerReply(
  body: MessagesRequest,
  requestId: string,
  call: Exchange,
  deps: InferenceDeps,
): Promise<Response> {
  const translated = translateMessages(body);
  call.notices.add(translated.notices);
  const style = {
    maxTokens: body.max_tokens ?? 0,
    stopSequences: body.stop_sequences ?? [],
    omitThinking: omitsThinking(body),
    body,
    notices: call.notices,
  };
  const events = messageEvents(translated.intent, style, deps, call);
  if (!body.stream) return call.json(AnthropicMessage, await wholeMessage(events));
  return call.events(MessageStreamEvent, allServerSent(events), {
    heartbeat: serverSent(PING),
    failure: (error) => ({ event: "error", data: anthropicErrorBody(error, requestId) }),
  });
}
