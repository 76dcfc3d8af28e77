import { callEvents } from "../output/call-events.ts";
import { GrowingMessage } from "../output/growing-message.ts";
import { GrowingReasoning } from "../output/growing-reasoning.ts";
import type { ResponseEvent } from "../schema/event.ts";
import type { MessageItem, OutputItem, ReasoningItem } from "../schema/item.ts";
import type { ResponseObject } from "../schema/response.ts";

const endOf = ({ status }: OutputItem) => (status === "incomplete" ? "incomplete" : "completed");

function* messageEvents(item: MessageItem, at: number): Generator<ResponseEvent> {
  const growing = new GrowingMessage(item.id, at);
  yield* growing.begin();
  for (const { text, logprobs } of item.content) {
    if (text !== "") yield* growing.add(text, logprobs);
  }
  yield* growing.end(endOf(item));
}

function* reasoningEvents(item: ReasoningItem, at: number): Generator<ResponseEvent> {
  const options = { summary: item.summary.length > 0, encrypted: item.encrypted_content !== undefined };
  const growing = new GrowingReasoning(item.id, at, options);
  yield* growing.begin();
  for (const { text } of item.content) yield* growing.add(text);
  yield* growing.end(endOf(item));
}

function itemEvents(item: OutputItem, at: number): Iterable<ResponseEvent> {
  if (item.type === "message") return messageEvents(item, at);
  return item.type === "reasoning" ? reasoningEvents(item, at) : callEvents(item, at);
}

/** The events of a whole response, with each text in one piece. */
export function* replay(response: ResponseObject): Generator<ResponseEvent> {
  const { warnings: _, ...told } = response;
  const begun: ResponseObject = {
    ...told,
    status: "in_progress",
    completed_at: null,
    incomplete_details: null,
    output: [],
    usage: null,
  };
  yield { type: "response.created", response: begun };
  yield { type: "response.in_progress", response: begun };
  for (const [at, item] of response.output.entries()) yield* itemEvents(item, at);
  const type = response.status === "incomplete" ? "response.incomplete" : "response.completed";
  yield { type, response };
}
