import type { Message } from "../intent/message.ts";

const join = (first: string, second: string): string => `${first}\n\n${second}`;

/** A message whose tool calls or thinking a merge would lose or attribute to the wrong turn. */
const isWhole = ({ role, toolCalls, thinking }: Message): boolean =>
  role === "tool" || (toolCalls?.length ?? 0) > 0 || (thinking ?? "") !== "";

function merged(first: Message, second: Message): Message {
  const images = [...(first.images ?? []), ...(second.images ?? [])];
  return {
    ...first,
    content: join(first.content, second.content),
    ...(images.length > 0 && { images }),
  };
}

/**
 * Neighbours of one role become one message, their texts joined by a blank line (docs/behaviour: modelfile §2.2). Not merged: tool results,
 * and messages that carry tool calls or thinking, which Ollama's merge drops.
 */
export function collate(messages: readonly Message[]): Message[] {
  const collated: Message[] = [];
  for (const message of messages) {
    const last = collated.at(-1);
    if (last !== undefined && last.role === message.role && !isWhole(last) && !isWhole(message)) {
      collated[collated.length - 1] = merged(last, message);
    } else {
      collated.push(message);
    }
  }
  return collated;
}

/** All system texts, a blank line between them: `.System` of a template that renders messages by itself. */
export const systemText = (messages: readonly Message[]): string =>
  messages
    .filter(({ role }) => role === "system")
    .map(({ content }) => content)
    .join("\n\n");
