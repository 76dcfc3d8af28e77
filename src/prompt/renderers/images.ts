import type { Message } from "../../intent/message.ts";

const PLACE = "[img]";

/** The text of one message with a marker for each of its images. @param first how many images the messages before have. */
function marked({ content, images = [] }: Message, first: number): string {
  if (content.includes("[img-")) return content;
  const markers = images.map((_, at) => `[img-${first + at}]`);
  const text = content.replaceAll(PLACE, () => markers.shift() ?? PLACE);
  const gap = markers.length > 0 && text !== "" && !/^\s/.test(text) ? " " : "";
  return markers.join("") + gap + text;
}

/**
 * Marks the places of images in the texts of a conversation, `[img-0]`, `[img-1]` and so on: at `[img]` where a text has that, else
 * in front. A client that has marked them itself is left alone.
 */
export function withImageMarkers(messages: readonly Message[]): Message[] {
  let images = 0;
  return messages.map((message) => {
    if ((message.images ?? []).length === 0) return message;
    const content = marked(message, images);
    images += message.images?.length ?? 0;
    return { ...message, content };
  });
}
