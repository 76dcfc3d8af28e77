import type { Pointer } from "bun:ffi";
import { AppError } from "../../src/lib/errors.ts";
import { type MediaSpan, mediaAt } from "./cell-row.ts";
import { decodeMedia } from "./decode-media.ts";
import type { LoadedModel } from "./engine.ts";
import type { KvCache } from "./kv-cache.ts";
import { type Slot, workOf } from "./slot.ts";
import type { SlotWork } from "./slot-work.ts";
import type { Encoded } from "./vision.ts";

/** The outcome of a step for a slot that waits for a picture. */
export type MediaOutcome =
  | { type: "encoding" }
  /** Cells were evaluated; `last`: they end the prompt, and the logits in `row` choose the answer's first token. */
  | { type: "decoded"; slot: Slot; work: SlotWork; last: boolean; row: number }
  /** The picture cannot be had; the slot's cache is as it was. */
  | { type: "unreadable"; slot: Slot; work: SlotWork; error: AppError }
  /** llama.cpp failed; the slot's cells are unknown. */
  | { type: "failed"; slot: Slot; work: SlotWork; code: number };

interface Place {
  slot: Slot;
  work: SlotWork;
  span: MediaSpan;
}

/**
 * The part of a step that is about pictures: one is encoded for a turn, or a batch of an encoded one's cells is decoded. Tokens and
 * pictures never share a batch, so that the others' tokens wait for no more than this.
 */
export class MediaSteps {
  readonly #model: LoadedModel;
  readonly #cache: KvCache;
  readonly #wake: () => void;

  /** @param wake called when there is something to do again. */
  constructor(model: LoadedModel, cache: KvCache, wake: () => void) {
    this.#model = model;
    this.#cache = cache;
    this.#wake = wake;
  }

  /**
   * Encoded pictures are decoded first: they may not be kept for long.
   * @param slots in the order of their turn.
   * @returns undefined when no slot waits for a picture, or all that do wait for the decoder.
   */
  step(slots: readonly Slot[]): MediaOutcome | undefined {
    const places = slots.flatMap(placeOf).map((place) => ({ place, readiness: this.#readiness(place) }));
    for (const { place, readiness } of places) {
      if (readiness instanceof AppError) return { type: "unreadable", ...place, error: readiness };
      if (typeof readiness === "object") return this.#decode(place, readiness.encoded);
    }
    const next = places.find(({ readiness }) => readiness === "encodable");
    if (next === undefined) return undefined;
    this.#model.sight?.gallery.encode(next.place.span.piece);
    return { type: "encoding" };
  }

  #readiness({ span }: Place) {
    const { sight } = this.#model;
    return (
      sight?.gallery.readiness(span.piece, this.#wake) ?? new AppError("engine", "the model has no projector")
    );
  }

  #decode({ slot, work, span }: Place, encoded: Encoded): MediaOutcome {
    const context = this.#model.shim.shim_context() as Pointer;
    const target = { context, sequence: slot.index, media: slot.media, done: slot.cached.length };
    const ends = (whole: boolean) => whole && span.at + span.piece.cells === work.row.cells.length;
    try {
      const decoded = decodeMedia(this.#model, target, span, encoded, (_, whole) =>
        ends(whole) && work.limit > 0 ? 1 : 0,
      );
      const { count, code } = decoded;
      if (code !== 0) return { type: "failed", slot, work, code };
      this.#cache.appendMedia(slot, span, work.pending.splice(0, count));
      const last = slot.cached.length === work.row.cells.length;
      return { type: "decoded", slot, work, last, row: count - 1 };
    } catch (error) {
      return { type: "unreadable", slot, work, error: AppError.from(error) };
    }
  }
}

/** The picture that is next to be evaluated in a slot, if one is. */
function placeOf(slot: Slot): Place[] {
  const work = workOf(slot);
  if (work === undefined || work.promptDoneAt !== undefined) return [];
  const span = mediaAt(work.row.media, slot.cached.length);
  return span === undefined ? [] : [{ slot, work, span }];
}
