import type { GenerateEvent, RenderedPrompt, TokenLogprob } from "../../intent/generate.ts";
import { defined } from "../../lib/defined.ts";
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
import type { ChatCompletion, WireToolCall } from "./schema/reply.ts";
import { UsageSum } from "./usage.ts";

type Choice = ChatCompletion["choices"][number];
type Done = Extract<GenerateEvent, { type: "done" }>;

/** Gathers one answer. */
class WholeChoice {
  readonly #custom: ReadonlySet<string>;
  #text = "";
  #thinking = "";
  readonly #calls: WireToolCall[] = [];
  readonly #logprobs: TokenLogprob[] = [];
  #finish: string | null = null;

  constructor(custom: ReadonlySet<string>) {
    this.#custom = custom;
  }

  add(event: PartEvent): void {
    if (event.type === "text") this.#text += event.text;
    else if (event.type === "thinking") this.#thinking += event.text;
    else this.#calls.push(wireToolCall(event.call, this.#calls.length, this.#custom));
    this.#logprobs.push(...(event.logprobs ?? []));
  }

  end({ reason, rendered }: Done): void {
    // A rendered prompt is no answer, and has no reason to have ended.
    this.#finish = rendered ? null : finishReason(reason, this.#calls.length > 0);
  }

  wire(index: number): Choice {
    return {
      index,
      message: {
        role: "assistant",
        content: this.#text,
        refusal: null,
        ...defined({ reasoning: this.#thinking || undefined }),
        ...(this.#calls.length > 0 && { tool_calls: this.#calls }),
      },
      logprobs: wireLogprobs(this.#logprobs),
      finish_reason: this.#finish,
    };
  }
}

/** A whole chat completion (docs/behaviour: api-openai §3.3). */
export async function wholeChat(
  events: AsyncIterable<ChoiceEvent>,
  { head, answers, notices, customTools }: ReplyFrame,
): Promise<ChatCompletion> {
  const usage = new UsageSum(answers);
  const choices = Array.from({ length: answers }, () => new WholeChoice(customTools));
  const warnings: string[] = [];
  let rendered: RenderedPrompt | undefined;
  for await (const { index, event } of events) {
    const choice = choices[index]!;
    if (event.type === "begin") notices.add(event.answer.notices);
    else if (event.type === "done") {
      choice.end(event);
      usage.add(index, event.usage);
      rendered ??= event.rendered;
    } else {
      choice.add(event);
      warnings.push(...warningsIn(event));
    }
  }
  return {
    ...head,
    object: "chat.completion",
    choices: choices.map((choice, index) => choice.wire(index)),
    usage: usage.wire,
    ...warned(warnings),
    ...debugInfo(rendered),
  };
}
