import type { Requester } from "../../engine/port.ts";
import type { InferenceDeps } from "../../inference/deps.ts";
import { startAnswer } from "../../inference/on-demand.ts";
import type { GenerateEvent, GenerateIntent } from "../../intent/generate.ts";
import { randomId } from "../../lib/random-id.ts";
import type { NoticeBoard } from "../wire/notice-board.ts";
import { BlockWriter } from "./block-writer.ts";
import { messageDiagnosis, wireDiagnostics } from "./diagnostics.ts";
import type { MessageEvent } from "./schema/event.ts";
import type { AnthropicMessage } from "./schema/reply.ts";
import type { MessagesRequest } from "./schema/request.ts";
import { type AnswerLimits, stopOf } from "./stop-reason.ts";
import { wireUsage } from "./usage.ts";

/** How one answer is written. */
export interface Style extends AnswerLimits {
  omitThinking: boolean;
  body: MessagesRequest;
  notices: NoticeBoard;
}

type Done = Extract<GenerateEvent, { type: "done" }>;

export const PING = { type: "ping" } satisfies MessageEvent;

/** A message without content. */
const emptyMessage = (id: string, model: string, promptTokens: number): AnthropicMessage => ({
  id,
  type: "message",
  role: "assistant",
  model,
  content: [],
  stop_reason: null,
  stop_sequence: null,
  stop_details: null,
  container: null,
  diagnostics: null,
  usage: wireUsage({ promptTokens, cachedTokens: 0, generatedTokens: 0 }),
});

function endOf(done: Done, style: Style, called: boolean, warnings: readonly string[]): MessageEvent {
  return {
    type: "message_delta",
    delta: { ...stopOf(done, style, called), stop_details: null, container: null },
    usage: wireUsage(done.usage),
    ...(done.usage.diagnosis !== undefined && { diagnostics: wireDiagnostics(done.usage) }),
    ...(warnings.length > 0 && { warnings: [...warnings] }),
  };
}

/**
 * An answer as the events of its stream (docs/behaviour: api-openai §9.4). The first one tells the length of the prompt; how much of it was
 * in the cache is known at the end.
 *
 * @param requester its signal fires when the client leaves.
 * @throws AppError whenever the answer fails; the events end there.
 */
export async function* messageEvents(
  intent: GenerateIntent,
  style: Style,
  deps: InferenceDeps,
  requester: Requester,
): AsyncGenerator<MessageEvent, void, undefined> {
  const id = `msg_${randomId()}`;
  const diagnosis = messageDiagnosis(style.body, id);
  await using answer = await startAnswer({ ...intent, diagnosis }, deps, requester);
  style.notices.add(answer.notices);
  yield { type: "message_start", message: emptyMessage(id, intent.model, answer.prompt?.tokens ?? 0) };
  yield PING;
  const blocks = new BlockWriter(style.omitThinking);
  const warnings: string[] = [];
  for await (const event of answer.events) {
    if (event.type === "done") {
      yield* blocks.end();
      yield endOf(event, style, blocks.called, [...style.notices.late(), ...warnings]);
    } else {
      if (event.type === "text" && event.warning !== undefined) warnings.push(event.warning);
      yield* blocks.push(event);
    }
  }
  yield { type: "message_stop" };
}
