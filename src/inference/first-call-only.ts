import type { GenerateEvent } from "../intent/generate.ts";

/** An answer without the calls after its first one. No grammar keeps an answer that may be text to one call. */
export async function* firstCallOnly(events: AsyncIterable<GenerateEvent>): AsyncGenerator<GenerateEvent> {
  let called = false;
  for await (const event of events) {
    if (event.type !== "tool_call" || !called) yield event;
    called ||= event.type === "tool_call";
  }
}
