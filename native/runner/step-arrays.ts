import { bytesAt, int32At, PIECE_CAPACITY, type Shim } from "./shim.ts";

/** The arrays that the shim shares (step.c): the batch going in, and the sampled tokens coming out. */
export class StepArrays {
  readonly #tokens: Int32Array;
  readonly #positions: Int32Array;
  readonly #slots: Int32Array;
  readonly #wanted: Uint8Array;
  readonly #rows: Int32Array;
  readonly #rowSlots: Int32Array;
  readonly #sampled: Int32Array;
  readonly #lengths: Int32Array;
  readonly #ends: Uint8Array;
  readonly #pieces: Uint8Array;
  tokens = 0;
  outputs = 0;

  constructor(shim: Shim, capacity: number, slots: number) {
    this.#tokens = int32At(shim.shim_batch_tokens(), capacity);
    this.#positions = int32At(shim.shim_batch_positions(), capacity);
    this.#slots = int32At(shim.shim_batch_slots(), capacity);
    this.#wanted = bytesAt(shim.shim_batch_outputs(), capacity);
    this.#rows = int32At(shim.shim_sample_rows(), slots);
    this.#rowSlots = int32At(shim.shim_sample_slots(), slots);
    this.#sampled = int32At(shim.shim_sampled_tokens(), slots);
    this.#lengths = int32At(shim.shim_sampled_lengths(), slots);
    this.#ends = bytesAt(shim.shim_sampled_ends(), slots);
    this.#pieces = bytesAt(shim.shim_sampled_pieces(), slots * PIECE_CAPACITY);
  }

  clear(): void {
    this.tokens = 0;
    this.outputs = 0;
  }

  /** Adds a slot's next tokens at `position`; with `sample`, the last one's logits choose the slot's next token. */
  add(slot: number, tokens: readonly number[], position: number, sample: boolean): void {
    for (let i = 0; i < tokens.length; i++) {
      this.#tokens[this.tokens] = tokens[i]!;
      this.#positions[this.tokens] = position + i;
      this.#slots[this.tokens] = slot;
      this.#wanted[this.tokens] = 0;
      this.tokens++;
    }
    if (!sample) return;
    this.#wanted[this.tokens - 1] = 1;
    this.want(slot, this.tokens - 1);
  }

  /** Adds a slot's next tokens at `position`, each of whose logits are wanted. */
  addAll(slot: number, tokens: readonly number[], position: number): void {
    const from = this.tokens;
    this.add(slot, tokens, position, false);
    this.#wanted.fill(1, from, this.tokens);
  }

  /** Has the slot's next token chosen by the logits of a row of the batch. */
  want(slot: number, row: number): void {
    this.#rows[this.outputs] = row;
    this.#rowSlots[this.outputs] = slot;
    this.outputs++;
  }

  /** The token that was sampled for a slot in this step. `bytes` is a view that the next step overwrites. */
  outputOf(slot: number): SampledToken {
    const at = this.#rowSlots.subarray(0, this.outputs).indexOf(slot);
    const length = this.#lengths[at]!;
    return {
      token: this.#sampled[at]!,
      row: this.#rows[at]!,
      ends: this.#ends[at] === 1,
      bytes:
        length < 0 ? undefined : this.#pieces.subarray(at * PIECE_CAPACITY, at * PIECE_CAPACITY + length),
    };
  }
}

export interface SampledToken {
  token: number;
  /** The batch row whose logits it was sampled from. */
  row: number;
  /** An end-of-generation token. */
  ends: boolean;
  /** The token's text; undefined when it is longer than the shared array has room for. */
  bytes: Uint8Array | undefined;
}
