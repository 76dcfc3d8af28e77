import type { Pointer } from "bun:ffi";
import { AppError } from "../../src/lib/errors.ts";
import { type CellRow, type MediaSpan, positionOf } from "./cell-row.ts";
import type { LoadedModel } from "./engine.ts";
import type { Encoded } from "./vision.ts";

/** The sequence that a picture is decoded into. */
export interface MediaTarget {
  context: Pointer;
  sequence: number;
  /** The pictures that the sequence has before this one. */
  media: CellRow["media"];
  /** Cells that are evaluated, some of this picture's perhaps among them. */
  done: number;
}

/**
 * Decodes as many of a picture's next cells as a batch takes.
 *
 * @param outputsOf of how many of a batch's last cells the outputs are wanted; `ends`: these are the picture's last.
 * @throws AppError `engine` for a picture that has to be in one batch and does not fit.
 */
export function decodeMedia(
  { batchSize, sight }: Pick<LoadedModel, "batchSize" | "sight">,
  { context, sequence, media, done }: MediaTarget,
  { at, piece }: MediaSpan,
  encoded: Encoded,
  outputsOf: (count: number, ends: boolean) => number,
): { count: number; code: number } {
  const skip = piece.skip ?? 0;
  const left = piece.cells - (done - at);
  if (encoded.mutual && left > batchSize)
    throw new AppError("engine", `the picture takes ${left} cells, and a batch has ${batchSize}`);
  const count = Math.min(left, batchSize);
  const part = {
    // Of the chunk's own first cell, which may be left out.
    begin: positionOf(media, at) - skip,
    from: skip + done - at,
    count,
    number: media.filter((span) => span.at < at).length,
    outputs: outputsOf(count, count === left),
  };
  const code = sight!.vision.decode(context, sequence, encoded, part);
  return { count, code };
}
