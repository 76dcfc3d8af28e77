import type { ResponseEvent } from "../schema/event.ts";
import type { ReasoningItem } from "../schema/item.ts";
import type { GrowingItem, ItemEnd } from "./growing-item.ts";

export interface ReasoningOptions {
  /** Is the text repeated as the summary? */
  summary: boolean;
  /** Is the text repeated in `encrypted_content`? */
  encrypted: boolean;
}

/** The item of thinking that the model is writing. */
export class GrowingReasoning implements GrowingItem<ReasoningItem> {
  readonly #id: string;
  readonly #options: ReasoningOptions;
  readonly #content: { item_id: string; output_index: number; content_index: number };
  readonly #summary: { item_id: string; output_index: number; summary_index: number };
  #text = "";

  constructor(id: string, output_index: number, options: ReasoningOptions) {
    this.#id = id;
    this.#options = options;
    this.#content = { item_id: id, output_index, content_index: 0 };
    this.#summary = { item_id: id, output_index, summary_index: 0 };
  }

  *begin(): Generator<ResponseEvent> {
    const { output_index } = this.#content;
    const { encrypted_content: _, ...rest } = this.item("in_progress");
    const item: ReasoningItem = { ...rest, summary: [], content: [] };
    yield { type: "response.output_item.added", output_index, item };
    yield {
      type: "response.content_part.added",
      ...this.#content,
      part: { type: "reasoning_text", text: "" },
    };
    if (!this.#options.summary) return;
    const part = { type: "summary_text" as const, text: "" };
    yield { type: "response.reasoning_summary_part.added", ...this.#summary, part };
  }

  *add(delta: string): Generator<ResponseEvent> {
    this.#text += delta;
    yield { type: "response.reasoning_text.delta", ...this.#content, delta };
    if (this.#options.summary) {
      yield { type: "response.reasoning_summary_text.delta", ...this.#summary, delta };
    }
  }

  *end(status: ItemEnd): Generator<ResponseEvent> {
    const text = this.#text;
    yield { type: "response.reasoning_text.done", ...this.#content, text };
    yield { type: "response.content_part.done", ...this.#content, part: { type: "reasoning_text", text } };
    if (this.#options.summary) {
      yield { type: "response.reasoning_summary_text.done", ...this.#summary, text };
      const part = { type: "summary_text" as const, text };
      yield { type: "response.reasoning_summary_part.done", ...this.#summary, part };
    }
    const { output_index } = this.#content;
    yield { type: "response.output_item.done", output_index, item: this.item(status) };
  }

  item(status: ItemEnd | "in_progress"): ReasoningItem {
    const text = this.#text;
    return {
      id: this.#id,
      type: "reasoning",
      status,
      summary: this.#options.summary ? [{ type: "summary_text", text }] : [],
      content: [{ type: "reasoning_text", text }],
      ...(this.#options.encrypted && { encrypted_content: text }),
    };
  }
}
