import type { Message } from "../../intent/message.ts";

/** A part of a message. */
export type MessagePart = { text: string } | { image: string };

/**
 * The content of a message with these parts. Images keep their places between the texts, and a placeholder within a text stays text.
 *
 * @param joint between one text and the next.
 */
export function messageContent(
  parts: readonly MessagePart[],
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
