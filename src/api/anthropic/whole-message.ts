import type { MessageEvent } from "./schema/event.ts";
import type { AnthropicMessage, ContentBlock } from "./schema/reply.ts";

type Delta = Extract<MessageEvent, { type: "content_block_delta" }>["delta"];

/** Adds a delta to its block. The two are of one kind, since one writer made both. */
function grow(block: ContentBlock, delta: Delta): void {
  if (block.type === "text" && delta.type === "text_delta") block.text += delta.text;
  else if (block.type === "thinking" && delta.type === "thinking_delta") block.thinking += delta.thinking;
  else if (block.type === "thinking" && delta.type === "signature_delta") block.signature = delta.signature;
  else if (block.type === "tool_use" && delta.type === "input_json_delta") {
    block.input = JSON.parse(delta.partial_json);
  }
}

/** The message that a stream's events tell, as one object (docs/behaviour: api-openai §9.3). */
export async function wholeMessage(events: AsyncIterable<MessageEvent>): Promise<AnthropicMessage> {
  let message: AnthropicMessage | undefined;
  for await (const event of events) {
    if (event.type === "message_start") message = event.message;
    else if (event.type === "content_block_start") message?.content.push(event.content_block);
    else if (event.type === "content_block_delta") grow(message!.content[event.index]!, event.delta);
    else if (event.type === "message_delta") {
      const { delta, usage, diagnostics, warnings } = event;
      Object.assign(message!, delta, { usage }, diagnostics && { diagnostics }, warnings && { warnings });
    }
  }
  return message!;
}
