import type { Translated } from "../../inference/request-options.ts";
import type { Message, ToolCall } from "../../intent/message.ts";
import { badRequest } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { ignoredField } from "../wire/notices.ts";
import { blockOf, textIn, unsupported } from "./content-text.ts";
import { thinkingIn } from "./signature.ts";

function callOf({ id, name, input }: Record<string, unknown>, where: string): ToolCall {
  if (typeof id !== "string" || id === "") throw badRequest("tool_use block missing required 'id' field");
  if (typeof name !== "string" || name === "")
    throw badRequest("tool_use block missing required 'name' field");
  if (!isRecord(input)) throw badRequest(`${where}.input: must be an object`);
  return { id, name, arguments: input };
}

/** Thoughts of an earlier answer; undefined where they are sealed by another server. */
function thoughtsOf(block: Record<string, unknown>, where: string): string | undefined {
  const thinking = textIn(block, "thinking", where);
  if (thinking !== "") return thinking;
  return typeof block.signature === "string" ? thinkingIn(block.signature) : undefined;
}

const SEALED = ignoredField("messages.content", "thoughts of another server cannot be read");

/** A turn of the assistant (spec: api-openai §9.2). Blocks of text are one text, as are thoughts. */
export function assistantMessage(content: unknown, where: string): Translated<Message[]> {
  const role = "assistant";
  if (typeof content === "string") return { intent: [{ role, content }], notices: [] };
  if (!Array.isArray(content)) throw badRequest(`${where}: must be a string or an array of content blocks`);
  const texts: string[] = [];
  const thoughts: (string | undefined)[] = [];
  const toolCalls: ToolCall[] = [];
  for (const [at, value] of content.entries()) {
    const place = `${where}.${at}`;
    const block = blockOf(value, place);
    if (block.type === "text") texts.push(textIn(block, "text", place));
    else if (block.type === "thinking") thoughts.push(thoughtsOf(block, place));
    else if (block.type === "redacted_thinking") thoughts.push(undefined);
    else if (block.type === "tool_use") toolCalls.push(callOf(block, place));
    else unsupported(block.type, place);
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
