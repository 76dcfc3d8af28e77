import type { Translated } from "../../inference/request-options.ts";
import type { Message, ToolCall } from "../../intent/message.ts";
import { ignoredField } from "../wire/notices.ts";
import { unsupportedBlock } from "./content-text.ts";
import type { Block, ThinkingBlock } from "./schema/blocks.ts";
import { thinkingIn } from "./signature.ts";

/** Thoughts of an earlier answer; undefined where they are sealed by another server. */
const thoughtsOf = ({ thinking, signature }: ThinkingBlock): string | undefined =>
  thinking !== "" ? thinking : thinkingIn(signature ?? "");

const SEALED = ignoredField("messages.content", "thoughts of another server cannot be read");

/** A turn of the assistant (docs/behaviour: api-openai §9.2). Blocks of text are one text, as are thoughts. */
export function assistantMessage(content: string | readonly Block[], where: string): Translated<Message[]> {
  const role = "assistant";
  if (typeof content === "string") return { intent: [{ role, content }], notices: [] };
  const texts: string[] = [];
  const thoughts: (string | undefined)[] = [];
  const toolCalls: ToolCall[] = [];
  for (const [at, block] of content.entries()) {
    if (block.type === "text") texts.push(block.text);
    else if (block.type === "compaction") texts.push(block.content ?? "");
    else if (block.type === "thinking") thoughts.push(thoughtsOf(block));
    else if (block.type === "redacted_thinking") thoughts.push(undefined);
    else if (block.type === "tool_use")
      toolCalls.push({ id: block.id, name: block.name, arguments: block.input });
    else throw unsupportedBlock(block.type, `${where}.${at}`);
  }
  const thinking = thoughts.filter((thought) => thought !== undefined).join("\n");
  const message: Message = {
    role,
    content: texts.join(""),
    ...(thinking !== "" && { thinking }),
    ...(toolCalls.length > 0 && { toolCalls }),
  };
  return { intent: [message], notices: thoughts.includes(undefined) ? [SEALED] : [] };
}
