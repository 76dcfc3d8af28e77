import type { EngineEvent } from "../engine/port.ts";
import type { GenerateEvent, TokenLogprob } from "../intent/generate.ts";
import type { AnswerPart, AnswerReader } from "../output/parts.ts";
import { callId } from "./call-id.ts";
import { HeldLogprobs } from "./held-logprobs.ts";

type TextEvent = Extract<EngineEvent, { type: "text" }>;
type PartEvent = Exclude<GenerateEvent, { type: "done" }>;

function eventOf(part: AnswerPart, logprobs: TokenLogprob[]): PartEvent {
  const scored = logprobs.length > 0 ? { logprobs } : {};
  if (part.type !== "tool_call") return { ...part, ...scored };
  return { type: "tool_call", call: { id: callId(), ...part.call }, ...scored };
}

/** Turns the text of one answer into text, thinking and tool calls. */
export class AnswerEvents {
  readonly #reader: AnswerReader;
  readonly #logprobs = new HeldLogprobs();
  /** Of tokens that left no text of their own, such as a tag's. They go with what comes next. */
  #owed: TokenLogprob[] = [];
  #thought = "";

  constructor(reader: AnswerReader) {
    this.#reader = reader;
  }

  /** All that has been thought so far. */
  get thought(): string {
    return this.#thought;
  }

  push({ text, logprobs }: TextEvent): PartEvent[] {
    this.#logprobs.add(text, logprobs);
    const parts = this.#reader.push(text);
    return this.#events(parts, this.#reader.held);
  }

  /** The rest, when the engine is done. No log-probability is lost: what belongs to no part comes with an empty text. */
  end(): PartEvent[] {
    const events = this.#events(this.#reader.end(), 0);
    if (this.#owed.length > 0) events.push({ type: "text", text: "", logprobs: this.#owed });
    return events;
  }

  #events(parts: readonly AnswerPart[], held: number): PartEvent[] {
    const ready = [...this.#owed, ...this.#logprobs.take(held)];
    this.#owed = parts.length > 0 ? [] : ready;
    for (const part of parts) if (part.type === "thinking") this.#thought += part.text;
    return parts.map((part, at) => eventOf(part, at === 0 ? ready : []));
  }
}
