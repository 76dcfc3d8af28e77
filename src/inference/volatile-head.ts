import type { Message } from "../intent/message.ts";

/**
 * Text that known agents put in front of their system prompt although it is no instruction, and that changes with every request or
 * session, so that nothing behind it could come from the cache. The names are those of {@link withoutVolatileHead}'s `left`.
 *
 * Claude Code's billing block (ggml-org/llama.cpp#20623): `x-anthropic-billing-header: cc_version=2.1.37.0d9; cch=fa690;`. It
 * arrives as a block of its own, as a line, or with the next block's text directly behind it; its pairs tell where it ends.
 */
const VOLATILE = [
  {
    name: "x-anthropic-billing-header",
    pattern: /^\s*x-anthropic-billing-header:(?:[ \t]*[\w.-]+=[^;\s]*(?:;|(?=[ \t]*(?:\n|$))))*[ \t]*\n*/,
  },
] as const;

interface Stable {
  messages: Message[];
  /** Names of what was left out. */
  left: string[];
}

/**
 * A conversation without what known agents change at the head of its system messages. A message of nothing else is left out.
 *
 * @returns the same messages where there is nothing of the kind.
 */
export function withoutVolatileHead(messages: Message[]): Stable {
  const left = new Set<string>();
  const kept = messages.flatMap((message) => {
    if (message.role !== "system") return [message];
    const found = VOLATILE.find(({ pattern }) => pattern.test(message.content));
    if (found === undefined) return [message];
    left.add(found.name);
    const content = message.content.replace(found.pattern, "");
    return content === "" ? [] : [{ ...message, content }];
  });
  return left.size === 0 ? { messages, left: [] } : { messages: kept, left: [...left] };
}
