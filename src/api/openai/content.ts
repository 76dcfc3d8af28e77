import type { Message } from "../../intent/message.ts";
import { checkBase64 } from "../wire/base64.ts";
import { type MessagePart, messageContent } from "../wire/message-parts.ts";
import { RequestError } from "./request-error.ts";
import type { ContentPart, Content as Wire } from "./schema/content.ts";

/** A data URL of an image, or without a type: the file itself tells its type. */
const IMAGE_URL = /^data:(?:image\/[\w.+-]+)?;base64,(.*)$/s;

/** An image as base64, or its URL, which may be one that the server fetches. @param url a data URL or another. */
export function imageOf(url: string, param: string): string {
  if (/^https?:\/\//i.test(url)) return url;
  const [, data] = IMAGE_URL.exec(url) ?? [];
  if (data === undefined) throw new RequestError(param, "invalid image input");
  return checkBase64(data);
}

function partOf(part: ContentPart, param: string): MessagePart {
  if (part.type === "text") return { text: part.text };
  if (part.type === "refusal") return { text: part.refusal };
  // The named format of a sound is ignored: the file itself tells.
  if (part.type === "input_audio") return { image: checkBase64(part.input_audio.data) };
  return { image: imageOf(typeof part.image_url === "string" ? part.image_url : part.image_url.url, param) };
}

/**
 * The content of a message (docs/behaviour: api-openai §3.2). Its parts are one message: text parts are joined by line breaks. Ollama makes
 * a message of each, which changes the prompt.
 *
 * @param param names the field in errors.
 * @param optional may there be none?
 */
export function contentOf(
  content: Wire | undefined,
  param: string,
  optional: boolean,
): Pick<Message, "content" | "images" | "imagePlaces"> {
  if (typeof content === "string") return { content };
  if (content === undefined) {
    if (optional) return { content: "" };
    throw new RequestError(param, "invalid message content type: <nil>");
  }
  return messageContent(
    content.map((part) => partOf(part, param)),
    "\n",
  );
}
