import type { WireContent, WirePart } from "../schema/input-item.ts";
import type { ItemPart } from "./item.ts";

function partOf(part: WirePart): ItemPart {
  if (part.type === "input_image")
    return { type: part.type, image_url: part.image_url, detail: part.detail ?? "auto" };
  if (part.type === "input_audio") {
    const { data, format } = part.input_audio;
    return { type: part.type, input_audio: { data, format: format ?? "wav" } };
  }
  if (part.type === "refusal") return { type: part.type, refusal: part.refusal };
  if (part.type !== "output_text") return { type: "input_text", text: part.text };
  return {
    type: part.type,
    text: part.text,
    annotations: part.annotations ?? [],
    logprobs: part.logprobs ?? [],
  };
}

/** The parts of a content (docs/behaviour: api-openai §7.1). A text is one part. @param textType which kind of part a text is. */
export function readContent(content: WireContent, textType: "input_text" | "output_text"): ItemPart[] {
  if (typeof content === "string") return [partOf({ type: textType, text: content })];
  return content.map(partOf);
}
