import type { TokenLogprob } from "../../../../intent/generate.ts";
import { wireLogprob } from "../../chat-parts.ts";
import type { ResponseEvent } from "../schema/event.ts";
import type { ItemLogprob } from "../schema/item.ts";

/** How an item ended. */
export type ItemEnd = "completed" | "incomplete";

/** An item that grows by pieces of text. */
export interface GrowingItem<Item> {
  begin(): Iterable<ResponseEvent>;
  add(text: string, logprobs: readonly ItemLogprob[]): Iterable<ResponseEvent>;
  end(status: ItemEnd): Iterable<ResponseEvent>;
  /** The item as it is so far. */
  item(status: ItemEnd | "in_progress"): Item;
}

const bytesOf = <T extends { bytes: number[] | null }>(token: T) => ({ ...token, bytes: token.bytes ?? [] });

/** Log-probabilities as items have them. */
export function itemLogprobs(logprobs: readonly TokenLogprob[] = []): ItemLogprob[] {
  return logprobs.map((one) => {
    const { top_logprobs, ...chosen } = wireLogprob(one);
    return { ...bytesOf(chosen), top_logprobs: top_logprobs.map(bytesOf) };
  });
}
