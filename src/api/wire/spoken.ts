import type { Message } from "../../intent/message.ts";

/** A part of what a message says. */
export type SpokenPart = { text: string } | { image: string };

/**
 * What parts say together. Images stay between the texts that they came between, and what a text says of placeholders is text.
 *
 * @param joint between one text and the next.
 */
export function spokenTogether(
  parts: readonly SpokenPart[],
  joint: string,
): Pick<Message, "content" | "images" | "imagePlaces"> {
  let content = "";
  const images: string[] = [];
  const imagePlaces: number[] = [];
  for (const [at, part] of parts.entries()) {
    const before = parts[at - 1];
    if ("text" in part) content += (before !== undefined && "text" in before ? joint : "") + part.text;
    else {
      images.push(part.image);
      imagePlaces.push(content.length);
    }
  }
  return images.length === 0 ? { content } : { content, images, imagePlaces };
}
