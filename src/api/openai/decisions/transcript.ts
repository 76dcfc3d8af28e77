import type { DecideIntent } from "../../../intent/decide.ts";
import { type MessagePart, messageContent } from "../../wire/message-parts.ts";
import { imageOf } from "../content.ts";
import { RequestError } from "../request-error.ts";
import type { DecisionItem, DecisionPart } from "./schema/decisions.ts";

type Content = string | readonly DecisionPart[];

function partOf(part: DecisionPart, param: string): MessagePart {
  if (part.type === "input_image") return { image: imageOf(part.image_url, param) };
  if (part.type === "input_json") return { text: JSON.stringify(part.data) };
  return { text: part.type === "refusal" ? part.refusal : part.text };
}

const partsOf = (content: Content, param: string): MessagePart[] =>
  typeof content === "string" ? [{ text: content }] : content.map((part) => partOf(part, param));

const SPEAKERS = { user: "User", assistant: "Assistant", system: "System", developer: "Developer" };

interface Turn {
  /** The speaker, or the kind of a turn that is no message. */
  heading: string;
  parts: MessagePart[];
}

/** @param called names of tools by the ids of their calls; added to. @throws RequestError for the result of an unknown call. */
function turnOf(item: DecisionItem, param: string, called: Map<string, string>): Turn {
  if ("role" in item) return { heading: SPEAKERS[item.role], parts: partsOf(item.content, param) };
  if (item.type === "function_call" || item.type === "custom_tool_call") {
    called.set(item.call_id, item.name);
    const text = item.type === "function_call" ? item.arguments : item.input;
    return { heading: `Assistant calls ${item.name}`, parts: [{ text }] };
  }
  const name = called.get(item.call_id);
  if (name === undefined)
    throw new RequestError(param, `No tool call found for the output with call_id ${item.call_id}.`);
  return { heading: `Result of ${name}`, parts: partsOf(item.output, param) };
}

/**
 * The input of a decision as one text: a text or a lone message of the user's as it is, a conversation as a transcript. The questions are
 * about the conversation, the model has no turn in it; and templates differ in which roles may follow one another.
 *
 * @throws RequestError
 */
export function transcriptOf(input: string | readonly DecisionItem[]): DecideIntent["input"] {
  if (typeof input === "string") return { content: input };
  if (input.length === 0) throw new RequestError("input", "input is empty");
  const called = new Map<string, string>();
  const turns = input.map((item, at) => turnOf(item, `input[${at}]`, called));
  const [only] = turns;
  if (only !== undefined && turns.length === 1 && only.heading === SPEAKERS.user)
    return messageContent(only.parts, "\n");
  const parts = turns.flatMap(({ heading, parts: ownParts }, at) => {
    const opening = { text: `${at === 0 ? "" : "\n"}${heading}:` };
    return [opening, ...ownParts];
  });
  return messageContent(parts, "\n");
}

/** The instructions of a question. @throws RequestError for an image: all questions are about one input, which has the images. */
export function instructionsOf(instructions: Content, param: string): string {
  const parts = partsOf(instructions, param);
  if (parts.some((part) => "image" in part))
    throw new RequestError(param, `${param}: an image belongs in the input, not in a question about it`);
  const text = parts.map((part) => ("text" in part ? part.text : "")).join("\n");
  if (text.trim() === "") throw new RequestError(param, `${param} is empty`);
  return text;
}
