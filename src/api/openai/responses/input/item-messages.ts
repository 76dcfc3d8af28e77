import type { Message, ToolCall } from "../../../../intent/message.ts";
import { checkBase64 } from "../../../wire/base64.ts";
import { type MessagePart, messageContent } from "../../../wire/message-parts.ts";
import { imageOf } from "../../content.ts";
import { argumentsOf } from "../../messages.ts";
import { RequestError } from "../../request-error.ts";
import { toolName } from "./call-names.ts";
import type { Item, ItemPart } from "./item.ts";

type CallItem = Extract<Item, { type: "function_call" | "custom_tool_call" }>;
type OutputItem = Extract<Item, { type: "function_call_output" | "custom_tool_call_output" }>;
type ReasoningItem = Extract<Item, { type: "reasoning" }>;

type MessageContent = ReturnType<typeof messageContent>;

function partOf(part: ItemPart): MessagePart {
  if (part.type === "input_image") return { image: imageOf(part.image_url, "input") };
  if (part.type === "input_audio") return { image: checkBase64(part.input_audio.data) };
  return { text: part.type === "refusal" ? part.refusal : part.text };
}

/** Text parts are joined by line breaks, as in chat completions. */
const contentOf = (content: string | ItemPart[]): MessageContent =>
  typeof content === "string" ? { content } : messageContent(content.map(partOf), "\n");

/** The text of thinking. Clients that keep nothing send back the encrypted content only, which is the text here. */
function thoughtOf({ content, summary, encrypted_content }: ReasoningItem): string {
  const texts = content.length > 0 ? content : summary;
  return texts.map(({ text }) => text).join("\n") || (encrypted_content ?? "");
}

const toolCallOf = (item: CallItem): ToolCall => ({
  id: item.call_id,
  name: toolName(item),
  arguments: item.type === "function_call" ? argumentsOf(item.arguments, "input") : { input: item.input },
});

/** Makes messages of items. Thinking, text and calls that the model wrote in one go are one message. */
class MessageBuilder {
  readonly messages: Message[] = [];
  /** The last message, while further items of the model may be added to it. */
  #turn: Message | undefined;
  /** Names of tools by the ids of their calls. */
  readonly #called = new Map<string, string>();

  add(item: Item): void {
    if (item.type === "message") this.#message(item.role, contentOf(item.content));
    else if (item.type === "reasoning") this.#thought(thoughtOf(item));
    else if (item.type === "function_call" || item.type === "custom_tool_call") this.#call(toolCallOf(item));
    else this.#output(item);
  }

  #message(role: string, content: MessageContent): void {
    if (role === "assistant") {
      const turn = this.#turn === undefined || this.#turn.content !== "" ? this.#begin() : this.#turn;
      Object.assign(turn, content);
    } else {
      this.messages.push({ role: role === "developer" ? "system" : role, ...content });
      this.#turn = undefined;
    }
  }

  #thought(text: string): void {
    if (text === "") return;
    const turn = this.#turn;
    const onlyThought = turn !== undefined && turn.content === "" && turn.toolCalls === undefined;
    if (onlyThought && turn.thinking !== undefined) turn.thinking += `\n${text}`;
    else this.#begin().thinking = text;
  }

  #call(call: ToolCall): void {
    const turn = this.#turn ?? this.#begin();
    turn.toolCalls = [...(turn.toolCalls ?? []), call];
    if (call.id !== undefined) this.#called.set(call.id, call.name);
  }

  #output({ call_id, output }: OutputItem): void {
    const toolName = this.#called.get(call_id);
    if (toolName === undefined) {
      throw new RequestError("input", `No tool call found for function call output with call_id ${call_id}.`);
    }
    this.messages.push({ role: "tool", ...contentOf(output), toolName, toolCallId: call_id });
    this.#turn = undefined;
  }

  #begin(): Message {
    const turn: Message = { role: "assistant", content: "" };
    this.messages.push(turn);
    this.#turn = turn;
    return turn;
  }
}

/** A conversation in the inner language (docs/behaviour: api-openai §7.1). @throws AppError `bad_request`. */
export function messagesOfItems(items: readonly Item[]): Message[] {
  const conversation = new MessageBuilder();
  for (const item of items) conversation.add(item);
  return conversation.messages;
}
