import type { Message, ToolDefinition } from "../intent/message.ts";
import type { Micros } from "../lib/budget.ts";

/** Handling a message or a value in a tool's definition. */
const PART_MICROS: Micros = 1;
/** Copying or quoting a character. */
const CHARACTER_MICROS: Micros = 0.02;

function partsIn(value: unknown): { parts: number; characters: number } {
  let [parts, characters] = [0, 0];
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    parts++;
    if (typeof next === "string") characters += next.length;
    else if (typeof next === "object" && next !== null)
      for (const member of Object.values(next)) waiting.push(member);
  }
  return { parts, characters };
}

/** The cost of putting a conversation into the form that a template or a renderer wants, and of a renderer's walk through it. */
export function costOfConversation(
  messages: readonly Message[],
  tools: readonly ToolDefinition[] = [],
): Micros {
  const { parts, characters } = partsIn([messages.map(({ images: _, ...rest }) => rest), tools]);
  return parts * PART_MICROS + characters * CHARACTER_MICROS;
}
