import { checkBase64 } from "../wire/base64.ts";
import type { ContentPart, Content as Wire } from "./model/content.ts";
import { RequestError } from "./request-error.ts";

/** What a message says. */
export interface Content {
  text: string;
  /** Base64. */
  images: string[];
}

const IMAGE_URL = /^data:(?:image\/(?:jpe?g|png|webp))?;base64,(.*)$/s;

/** An image as base64. @param url a data URL. */
export function imageOf(url: string, param: string): string {
  if (/^https?:\/\//i.test(url)) {
    throw new RequestError(
      param,
      "image URLs are not currently supported, please use base64 encoded data instead",
    );
  }
  const [, data] = IMAGE_URL.exec(url) ?? [];
  if (data === undefined) throw new RequestError(param, "invalid image input");
  return checkBase64(data);
}

function addPart(part: ContentPart, param: string, texts: string[], images: string[]): void {
  if (part.type === "text") texts.push(part.text);
  else if (part.type === "refusal") texts.push(part.refusal);
  else images.push(imageOf(typeof part.image_url === "string" ? part.image_url : part.image_url.url, param));
}

/**
 * The content of a message (spec: api-openai §3.2). Its parts are one message: text parts are joined by line breaks. Ollama makes
 * a message of each, which changes the prompt.
 *
 * @param param names the field in errors.
 * @param optional may there be none?
 */
export function contentOf(content: Wire | undefined, param: string, optional: boolean): Content {
  if (typeof content === "string") return { text: content, images: [] };
  if (content === undefined) {
    if (optional) return { text: "", images: [] };
    throw new RequestError(param, "invalid message content type: <nil>");
  }
  const texts: string[] = [];
  const images: string[] = [];
  for (const part of content) addPart(part, param, texts, images);
  return { text: texts.join("\n"), images };
}
