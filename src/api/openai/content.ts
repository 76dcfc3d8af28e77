import type { Message } from "../../intent/message.ts";
import { isRecord } from "../../lib/is-record.ts";
import { checkBase64 } from "../wire/base64.ts";
import { type SpokenPart, spokenTogether } from "../wire/spoken.ts";
import { RequestError } from "./request-error.ts";

/** Of an image, or of nobody says what: the file itself tells. */
const IMAGE_URL = /^data:(?:image\/[\w.+-]+)?;base64,(.*)$/s;

/** What Go calls the type of a JSON value. */
function goType(value: unknown): string {
  if (value === undefined || value === null) return "<nil>";
  if (typeof value === "number") return "float64";
  return typeof value === "boolean" ? "bool" : "map[string]interface {}";
}

/**
 * An image as base64, or its URL, which may be one that the server fetches.
 *
 * @param image a data URL or another, or an object that has one as `url`.
 */
export function imageOf(image: unknown, param: string): string {
  const url = isRecord(image) ? image.url : image;
  if (typeof url !== "string") throw new RequestError(param, "invalid message format");
  if (/^https?:\/\//i.test(url)) return url;
  const [, data] = IMAGE_URL.exec(url) ?? [];
  if (data === undefined) throw new RequestError(param, "invalid image input");
  return checkBase64(data);
}

/** A sound as base64. Its `format` need not be believed: the file itself tells. */
export function soundOf(sound: unknown, param: string): string {
  const data = isRecord(sound) ? sound.data : undefined;
  if (typeof data !== "string") throw new RequestError(param, "invalid input_audio");
  return checkBase64(data);
}

function partOf(part: unknown, param: string): SpokenPart {
  const { type, text, refusal, image_url, input_audio } = isRecord(part) ? part : {};
  if (type === "text" && typeof text === "string") return { text };
  if (type === "refusal" && typeof refusal === "string") return { text: refusal };
  if (type === "image_url") return { image: imageOf(image_url, param) };
  if (type === "input_audio") return { image: soundOf(input_audio, param) };
  throw new RequestError(param, "invalid message format");
}

/**
 * The content of a message (spec: api-openai §3.2). Its parts are one message: text parts are joined by line breaks. Ollama makes
 * a message of each, which changes the prompt.
 *
 * @param param names the field in errors.
 * @param optional may there be none?
 */
export function contentOf(
  content: unknown,
  param: string,
  optional: boolean,
): Pick<Message, "content" | "images" | "imagePlaces"> {
  if (typeof content === "string") return { content };
  if (!Array.isArray(content)) {
    if (optional && (content === undefined || content === null)) return { content: "" };
    throw new RequestError(param, `invalid message content type: ${goType(content)}`);
  }
  return spokenTogether(
    content.map((part) => partOf(part, param)),
    "\n",
  );
}
