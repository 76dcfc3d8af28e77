import type { GenerateEvent } from "../../intent/generate.ts";
import { randomId } from "../../lib/random-id.ts";
import type { MessageEvent } from "./schema/event.ts";
import type { ContentBlock } from "./schema/reply.ts";
import { signatureOf } from "./signature.ts";

type Part = Exclude<GenerateEvent, { type: "done" }>;
type ToolCall = Extract<Part, { type: "tool_call" }>["call"];
type Delta = Extract<MessageEvent, { type: "content_block_delta" }>["delta"];

/** Writes the blocks of one answer; at most one is open, and it grows until a part of another kind comes. */
export class BlockWriter {
  readonly #omitThinking: boolean;
  #index = -1;
  #open: "text" | "thinking" | undefined;
  /** The text of the open thinking block so far. */
  #thoughts = "";
  #called = false;

  /** @param omitThinking thinking blocks are sent without their text. */
  constructor(omitThinking: boolean) {
    this.#omitThinking = omitThinking;
  }

  /** Has there been a tool call? */
  get called(): boolean {
    return this.#called;
  }

  *push(part: Part): Generator<MessageEvent> {
    if (part.type === "tool_call") yield* this.#call(part.call);
    else if (part.text === "") return;
    else if (part.type === "text") yield* this.#text(part.text);
    else yield* this.#thinking(part.text);
  }

  /** Closes the open block. */
  *end(): Generator<MessageEvent> {
    if (this.#open === undefined) return;
    if (this.#open === "thinking") {
      yield this.#delta({ type: "signature_delta", signature: signatureOf(this.#thoughts) });
      this.#thoughts = "";
    }
    this.#open = undefined;
    yield { type: "content_block_stop", index: this.#index };
  }

  *#text(text: string): Generator<MessageEvent> {
    if (this.#open !== "text") {
      yield* this.#start({ type: "text", text: "", citations: null });
      this.#open = "text";
    }
    yield this.#delta({ type: "text_delta", text });
  }

  *#thinking(thinking: string): Generator<MessageEvent> {
    if (this.#open !== "thinking") {
      yield* this.#start({ type: "thinking", thinking: "", signature: "" });
      this.#open = "thinking";
    }
    this.#thoughts += thinking;
    if (!this.#omitThinking) yield this.#delta({ type: "thinking_delta", thinking });
  }

  *#call({ name, arguments: input }: ToolCall): Generator<MessageEvent> {
    const id = `toolu_${randomId()}`;
    yield* this.#start({ type: "tool_use", id, name, input: {}, caller: { type: "direct" } });
    this.#called = true;
    yield this.#delta({ type: "input_json_delta", partial_json: JSON.stringify(input) });
    yield { type: "content_block_stop", index: this.#index };
  }

  *#start(block: ContentBlock): Generator<MessageEvent> {
    yield* this.end();
    this.#index++;
    yield { type: "content_block_start", index: this.#index, content_block: block };
  }

  #delta(delta: Delta): MessageEvent {
    return { type: "content_block_delta", index: this.#index, delta };
  }
}
