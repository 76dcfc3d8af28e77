import { isRecord } from "../../lib/is-record.ts";
import { checkBase64 } from "../wire/base64.ts";
import { RequestError } from "./request-error.ts";

/** What a message says. */
export interface Content {
  text: string;
  /** Base64. */
  images: string[];
}

const IMAGE_URL = /^data:(?:image\/(?:jpe?g|png|webp))?;base64,(.*)$/s;

/** What Go calls the type of a JSON value. */
function goType(value: unknown): string {
  if (value === undefined || value === null) return "<nil>";
  if (typeof value === "number") return "float64";
  return typeof value === "boolean" ? "bool" : "map[string]interface {}";
}

/**
 * An image as base64.
 *
 * @param image a data URL, or an object that has one as `url`.
 */
export function imageOf(image: unknown, param: string): string {
  const url = isRecord(image) ? image.url : image;
  if (typeof url !== "string") throw new RequestError(param, "invalid message format");
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

function addPart(part: unknown, param: string, texts: string[], images: string[]): void {
  const { type, text, refusal, image_url } = isRecord(part) ? part : {};
  if (type === "text" && typeof text === "string") texts.push(text);
  else if (type === "refusal" && typeof refusal === "string") texts.push(refusal);
  else if (type === "image_url") images.push(imageOf(image_url, param));
  else if (type === "input_audio")
    throw new RequestError(param, "input_audio is not supported: models take text only");
  else throw new RequestError(param, "invalid message format");
}

/**
 * The content of a message (spec: api-openai §3.2). Its parts are one message: text parts are joined by line breaks. Ollama makes
 * a message of each, which changes the prompt.
 *
 * @param param names the field in errors.
 * @param optional may there be none?
 */
export function contentOf(content: unknown, param: string, optional: boolean): Content {
  if (typeof content === "string") return { text: content, images: [] };
  if (!Array.isArray(content)) {
    if (optional && (content === undefined || content === null)) return { text: "", images: [] };
    throw new RequestError(param, `invalid message content type: ${goType(content)}`);
  }
  const texts: string[] = [];
  const images: string[] = [];
  for (const part of content) addPart(part, param, texts, images);
  return { text: texts.join("\n"), images };
}
