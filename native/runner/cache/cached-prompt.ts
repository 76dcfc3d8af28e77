import type { MediaSpan } from "../cell-row.ts";

/** The part of a sequence's state that cannot be cut, as it was when the sequence had so many cells. */
export interface Checkpoint {
  cells: number;
  state: Uint8Array;
}

/** A sequence of cells that can be used again for a prompt that begins with the same ones. */
export interface Reusable {
  /** Cells whose keys and values are there, in order, up to the first that a context shift has touched. */
  cells: readonly number[];
  /** It can be cut to any length from here on, and below it only at a checkpoint. 0: anywhere. */
  floor: number;
  /** In ascending order of `cells`. */
  checkpoints: readonly Pick<Checkpoint, "cells">[];
  /** Of its caller: prompts with another salt never get anything of it. */
  salt: string;
}

/** A sequence that was taken out of the context: its cells, and the bytes that put it back. */
export interface CachedPrompt extends Reusable {
  media: readonly MediaSpan[];
  /** As `shim_state_save` gave it, whole. */
  state: Uint8Array;
  checkpoints: readonly Checkpoint[];
}

/** Bytes that a cached prompt takes in memory. */
export const bytesOf = ({ state, checkpoints, cells }: CachedPrompt): number =>
  state.byteLength + checkpoints.reduce((sum, each) => sum + each.state.byteLength, 0) + cells.length * 8;
