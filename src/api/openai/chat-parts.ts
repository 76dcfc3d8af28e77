import type { DoneReason, GenerateEvent, RenderedPrompt, TokenLogprob } from "../../intent/generate.ts";
import type { ToolCall } from "../../intent/message.ts";
import { customInput } from "./custom-tool.ts";
import type { OpenaiLogprob, WireToolCall } from "./schema/reply.ts";

/** An event with a part of an answer. */
export type PartEvent = Exclude<GenerateEvent, { type: "done" }>;

const probability = ({ token, logprob, bytes }: Pick<TokenLogprob, "token" | "logprob" | "bytes">) => ({
  token,
  logprob,
  bytes: bytes.length > 0 ? bytes : null,
});

export const wireLogprob = ({ top = [], ...chosen }: TokenLogprob): OpenaiLogprob => ({
  ...probability(chosen),
  top_logprobs: top.map(probability),
});

/** `logprobs` of a choice; null where none were asked for. */
export const wireLogprobs = (logprobs: readonly TokenLogprob[]) =>
  logprobs.length > 0 ? { content: logprobs.map(wireLogprob), refusal: null } : null;

/** @param custom names of the tools whose calls are of one text. */
export function wireToolCall(call: ToolCall, index: number, custom: ReadonlySet<string>): WireToolCall {
  const { id = "", name, arguments: values } = call;
  return custom.has(name)
    ? { index, id, type: "custom", custom: { name, input: customInput(values) } }
    : { index, id, type: "function", function: { name, arguments: JSON.stringify(values) } };
}

/** @param called did the answer have a tool call? */
export const finishReason = (reason: DoneReason, called: boolean): string =>
  reason === "stop" && called ? "tool_calls" : reason;

export const warningsIn = (event: PartEvent): string[] =>
  event.type === "text" && event.warning !== undefined ? [event.warning] : [];

/** `_debug_info`, where the prompt was asked for. */
export const debugInfo = (rendered: RenderedPrompt | undefined) =>
  rendered ? { _debug_info: { rendered_template: rendered.text, token_count: rendered.tokens } } : {};
