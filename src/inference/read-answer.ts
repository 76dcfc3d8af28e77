import type { EngineEvent } from "../engine/port.ts";
import type { GenerateEvent, TokenLogprob } from "../intent/generate.ts";
import { randomId } from "../lib/random-id.ts";
import type { AnswerPart, AnswerReader } from "../output/parts.ts";

type TextEvent = Extract<EngineEvent, { type: "text" }>;
type PartEvent = Exclude<GenerateEvent, { type: "done" }>;

const ID_LENGTH = 8;

/** An id for a tool call: `call_` and eight random letters or digits (docs/behaviour: api-native §5). */
const callId = (): string => `call_${randomId(ID_LENGTH)}`;

function eventOf(part: AnswerPart, logprobs: TokenLogprob[]): PartEvent {
  const scored = logprobs.length > 0 ? { logprobs } : {};
  if (part.type !== "tool_call") return { ...part, ...scored };
  return { type: "tool_call", call: { id: callId(), ...part.call }, ...scored };
}

/** Turns the text of one answer into text, thinking and tool calls. */
export class AnswerEvents {
  readonly #reader: AnswerReader;
  readonly #logprobs = new HeldLogprobs();
  /** Log-probabilities of tokens that left no text of their own, such as a tag's. They go out with the next event. */
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

/**
 * Keeps the log-probabilities of text whose meaning is still open, so that each goes out with the part that its token belongs to.
 * A token counts as gone out as soon as a part of its text has.
 */
export class HeldLogprobs {
  #waiting: { start: number; logprobs: TokenLogprob[] }[] = [];
  #length = 0;

  /** To be called for every piece of text, in order. */
  add(text: string, logprobs: TokenLogprob[] = []): void {
    if (logprobs.length > 0) this.#waiting.push({ start: this.#length, logprobs });
    this.#length += text.length;
  }

  /** @param held how many characters at the end of the text are still open. */
  take(held: number): TokenLogprob[] {
    const open = this.#waiting.findIndex(({ start }) => held > 0 && start >= this.#length - held);
    const ready = this.#waiting.splice(0, open === -1 ? this.#waiting.length : open);
    return ready.flatMap(({ logprobs }) => logprobs);
  }
}
