import type { GenerateEvent } from "../../intent/generate.ts";
import type { ServerSentEvent } from "../wire/sse.ts";
import {
  debugInfo,
  finishReason,
  type PartEvent,
  warningsIn,
  wireLogprobs,
  wireToolCall,
} from "./chat-parts.ts";
import type { ChoiceEvent } from "./choices.ts";
import { type ReplyFrame, warned } from "./frame.ts";
import type { ChatCompletionChunk } from "./schema/reply.ts";
import { UsageSum } from "./usage.ts";

type Choice = ChatCompletionChunk["choices"][number];
type Delta = Choice["delta"];
type Done = Extract<GenerateEvent, { type: "done" }>;

/** The end of every stream. */
export const DONE: ServerSentEvent<never> = { data: "[DONE]" };

function deltaOf(event: PartEvent, calls: number, custom: ReadonlySet<string>): Delta {
  if (event.type === "text") return { content: event.text };
  if (event.type === "thinking") return { content: "", reasoning: event.text };
  return { content: "", tool_calls: [wireToolCall(event.call, calls, custom)] };
}

/** The chunks of one answer: the first one has the role, the last one the reason why it ended. */
class ChatChoice {
  readonly #index: number;
  readonly #custom: ReadonlySet<string>;
  #begun = false;
  #calls = 0;

  constructor(index: number, custom: ReadonlySet<string>) {
    this.#index = index;
    this.#custom = custom;
  }

  part(event: PartEvent): Choice {
    const delta = deltaOf(event, this.#calls, this.#custom);
    if (event.type === "tool_call") this.#calls++;
    return this.#chunk(delta, wireLogprobs(event.logprobs ?? []));
  }

  /** An answer without any text has an empty chunk all the same. */
  *end({ reason }: Done): Generator<Choice> {
    if (!this.#begun) yield this.#chunk({ content: "" }, null);
    yield {
      index: this.#index,
      delta: {},
      logprobs: null,
      finish_reason: finishReason(reason, this.#calls > 0),
    };
  }

  #chunk(delta: Delta, logprobs: Choice["logprobs"]): Choice {
    const role = this.#begun ? {} : { role: "assistant" };
    this.#begun = true;
    return { index: this.#index, delta: { ...role, ...delta }, logprobs, finish_reason: null };
  }
}

/** A streamed chat completion (docs/behaviour: api-openai §3.4); the chunks of several answers are interleaved. */
export async function* chatChunks(
  events: AsyncIterable<ChoiceEvent>,
  { head, answers, includeUsage, notices, customTools }: ReplyFrame,
): AsyncGenerator<ServerSentEvent<ChatCompletionChunk>> {
  const usage = new UsageSum(answers);
  const choices = Array.from({ length: answers }, (_, index) => new ChatChoice(index, customTools));
  const chunk = (
    choice: Choice,
    extra: Partial<ChatCompletionChunk> = {},
  ): ServerSentEvent<ChatCompletionChunk> => ({
    data: {
      ...head,
      object: "chat.completion.chunk",
      choices: [choice],
      ...(includeUsage && { usage: null }),
      ...extra,
    },
  });
  for await (const { index, event } of events) {
    const choice = choices[index]!;
    if (event.type === "begin") notices.add(event.answer.notices);
    else if (event.type === "done") {
      usage.add(index, event.usage);
      const extra = { ...warned(notices.late()), ...debugInfo(event.rendered) };
      for (const part of choice.end(event)) yield chunk(part, part.finish_reason === null ? {} : extra);
    } else yield chunk(choice.part(event), warned([...notices.late(), ...warningsIn(event)]));
  }
  if (includeUsage)
    yield { data: { ...head, object: "chat.completion.chunk", choices: [], usage: usage.wire } };
  yield DONE;
}
