import type { Pointer } from "bun:ffi";
import type { PromptPiece } from "../../src/engine/pieces.ts";
import type { FromRunner } from "../../src/engine/protocol.ts";
import { AppError, badRequest } from "../../src/lib/errors.ts";
import { type CellRow, type MediaSpan, mediaAt, mediaBehind, positionOf, rowOf } from "./cell-row.ts";
import { decodeMedia } from "./decode-media.ts";
import { type EmbedArrays, failed, tooLong } from "./embed-arrays.ts";
import type { LoadedModel } from "./engine.ts";
import { Pooling } from "./pooling.ts";
import { ptr } from "./shim.ts";
import { undecodable } from "./undecodable.ts";
import type { Encoded } from "./vision.ts";

interface Input {
  id: number;
  row: CellRow;
  /** Cells evaluated so far. */
  done: number;
  pooling: Pooling;
}

interface Decoded {
  count: number;
  /** llama_decode's. */
  code: number;
}

/**
 * Inputs with pictures in them that are to be embedded, one after the other: a step is a batch of tokens, a batch of a picture's cells, or a
 * turn of encoding one. From its first batch to its end an input has the embedding context to itself.
 */
export class PicturedInputs {
  readonly #model: LoadedModel;
  readonly #send: (message: FromRunner) => void;
  readonly #wake: () => void;
  #inputs: Input[] = [];

  /** @param wake called when there is something to do again after a step that did nothing. */
  constructor(model: LoadedModel, send: (message: FromRunner) => void, wake: () => void) {
    this.#model = model;
    this.#send = send;
    this.#wake = wake;
  }

  get idle(): boolean {
    return this.#inputs.length === 0;
  }

  /** An input has begun: its cells in the context are needed. */
  get underWay(): boolean {
    return (this.#inputs[0]?.done ?? 0) > 0;
  }

  /** @throws AppError `bad_request` for pieces that the model cannot embed. */
  add(id: number, pieces: readonly PromptPiece[]): void {
    const { info, shim } = this.#model;
    const row = rowOf(pieces);
    const { length } = row.cells;
    const type = shim.shim_embed_parts();
    if (type < 0) throw badRequest("this model cannot embed images: each of its tokens reads all others");
    if (length > info.contextLength) throw tooLong(length, info.contextLength);
    this.#inputs.push({ id, row, done: 0, pooling: new Pooling(type) });
  }

  /** @returns false when there is no such input. */
  cancel(id: number): boolean {
    const before = this.#inputs.length;
    this.#inputs = this.#inputs.filter((input) => input.id !== id);
    return this.#inputs.length < before;
  }

  /** @returns false when there was nothing to do, since there are none or the next picture is being decoded. */
  step(arrays: EmbedArrays): boolean {
    const [input] = this.#inputs;
    if (input === undefined) return false;
    try {
      const moved = this.#advance(input, arrays);
      if (input.done === input.row.cells.length) this.#finish(input);
      return moved;
    } catch (error) {
      this.cancel(input.id);
      this.#send(failed(input.id, AppError.from(error)));
      return true;
    }
  }

  #advance(input: Input, arrays: EmbedArrays): boolean {
    const span = mediaAt(input.row.media, input.done);
    if (span === undefined) {
      this.#note(input, this.#decodeTokens(input, arrays), arrays.width);
      return true;
    }
    const { gallery } = this.#model.sight!;
    const readiness = gallery.readiness(span.piece, this.#wake);
    if (readiness instanceof AppError) throw readiness;
    if (readiness === "cutting") return false;
    if (readiness === "encodable") gallery.encode(span.piece);
    else this.#note(input, this.#decodePicture(input, span, readiness.encoded), arrays.width);
    return true;
  }

  #decodeTokens({ row, done }: Input, { tokens, positions, slots, capacity }: EmbedArrays): Decoded {
    const { shim, batchSize } = this.#model;
    const end = mediaBehind(row.media, done)?.at ?? row.cells.length;
    const part = row.cells.slice(done, Math.min(end, done + Math.min(batchSize, capacity)));
    const start = positionOf(row.media, done);
    tokens.set(part);
    for (let i = 0; i < part.length; i++) positions[i] = start + i;
    slots.fill(0, 0, part.length);
    if (done === 0) shim.shim_embed_begin();
    return { count: part.length, code: shim.shim_embed_part(part.length) };
  }

  #decodePicture({ row, done }: Input, span: MediaSpan, encoded: Encoded): Decoded {
    const { shim } = this.#model;
    const context = shim.shim_embed_context() as Pointer;
    if (done === 0) shim.shim_embed_begin();
    // All cells of a pooled input are output.
    return decodeMedia(
      this.#model,
      { context, sequence: 0, media: row.media, done },
      span,
      encoded,
      (count) => count,
    );
  }

  #note(input: Input, { count, code }: Decoded, width: number): void {
    const vector = new Float32Array(width);
    if (code !== 0 || this.#model.shim.shim_embed_pooled(ptr(vector)) !== 0) throw undecodable(code);
    input.pooling.add(vector, count);
    input.done += count;
  }

  #finish({ id, row, pooling }: Input): void {
    this.cancel(id);
    const vectors = pooling.vector === undefined ? [] : [pooling.vector];
    this.#send({ type: "embeddings", id, vectors, lengths: [row.cells.length] });
  }
}
