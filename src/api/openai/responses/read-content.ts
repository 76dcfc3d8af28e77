import { isRecord } from "../../../lib/is-record.ts";
import { RequestError } from "../request-error.ts";
import type { ContentPart } from "./item.ts";

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function imagePart({ image_url, file_id, detail }: Record<string, unknown>, param: string): ContentPart {
  if (typeof image_url === "string") {
    return { type: "input_image", image_url, detail: typeof detail === "string" ? detail : "auto" };
  }
  const why = file_id === undefined ? "input_image has no image_url" : "images by file_id are not supported";
  throw new RequestError(param, why);
}

function partOf(part: unknown, param: string, place: string): ContentPart {
  const fields = isRecord(part) ? part : {};
  const { type, text, refusal } = fields;
  if ((type === "input_text" || type === "text") && typeof text === "string")
    return { type: "input_text", text };
  if (type === "output_text" && typeof text === "string") {
    const { annotations, logprobs } = fields;
    return { type, text, annotations: listOf(annotations), logprobs: listOf(logprobs) };
  }
  if (type === "refusal" && typeof refusal === "string") return { type, refusal };
  if (type === "input_image") return imagePart(fields, param);
  if (type === "input_file") throw new RequestError(param, "file inputs are not currently supported");
  if (type === "input_audio")
    throw new RequestError(param, "input_audio is not supported: models take text only");
  throw new RequestError(param, `${place}: unknown content type: ${typeof type === "string" ? type : ""}`);
}

/**
 * The parts of a content (spec: api-openai §7.1). A text is one part.
 *
 * @param param names the field in errors, and `place` in their texts.
 * @param textType which kind of part a text is.
 */
export function readContent(
  content: unknown,
  { param, place }: { param: string; place: string },
  textType: "input_text" | "output_text",
): ContentPart[] {
  if (typeof content === "string") {
    return textType === "input_text"
      ? [{ type: textType, text: content }]
      : [{ type: textType, text: content, annotations: [], logprobs: [] }];
  }
  if (!Array.isArray(content))
    throw new RequestError(param, `${place}: content must be a string or an array`);
  return content.map((part, at) => partOf(part, `${param}[${at}]`, `${place}: content[${at}]`));
}
