import type { ResponseEvent } from "../schema/event.ts";
import type { ItemLogprob, MessageItem } from "../schema/item.ts";
import type { GrowingItem, ItemEnd } from "./growing-item.ts";

/** The item of a message that the model is writing. */
export class GrowingMessage implements GrowingItem<MessageItem> {
  readonly #id: string;
  readonly #place: { item_id: string; output_index: number; content_index: number };
  #text = "";
  readonly #logprobs: ItemLogprob[] = [];

  constructor(id: string, output_index: number) {
    this.#id = id;
    this.#place = { item_id: id, output_index, content_index: 0 };
  }

  *begin(): Generator<ResponseEvent> {
    const { output_index } = this.#place;
    const item: MessageItem = { ...this.item("in_progress"), content: [] };
    yield { type: "response.output_item.added", output_index, item };
    yield { type: "response.content_part.added", ...this.#place, part: this.#part };
  }

  *add(delta: string, logprobs: readonly ItemLogprob[]): Generator<ResponseEvent> {
    this.#text += delta;
    this.#logprobs.push(...logprobs);
    yield { type: "response.output_text.delta", ...this.#place, delta, logprobs: [...logprobs] };
  }

  *end(status: ItemEnd): Generator<ResponseEvent> {
    const { output_index } = this.#place;
    const part = this.#part;
    yield { type: "response.output_text.done", ...this.#place, text: part.text, logprobs: part.logprobs };
    yield { type: "response.content_part.done", ...this.#place, part };
    yield { type: "response.output_item.done", output_index, item: this.item(status) };
  }

  item(status: ItemEnd | "in_progress"): MessageItem {
    return { id: this.#id, type: "message", status, role: "assistant", content: [this.#part] };
  }

  get #part(): MessageItem["content"][number] {
    return { type: "output_text", text: this.#text, annotations: [], logprobs: [...this.#logprobs] };
  }
}
