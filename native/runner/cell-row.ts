import { isMedia, type MediaPiece, type PromptPiece } from "../../src/engine/pieces.ts";

/** A picture's place in a row of cells. */
export interface MediaSpan {
  /** Its first cell. */
  at: number;
  piece: MediaPiece;
}

/**
 * The present or planned content of a sequence's cells, one entry a cell: a token, or the negative mark of the picture that the cell
 * belongs to. Rows are compared as plain numbers; {@link wholeMedia} keeps a common front from ending within a picture.
 */
export interface CellRow {
  readonly cells: number[];
  /** In the order of their places; empty for text, which costs nothing then. */
  readonly media: readonly MediaSpan[];
}

/** The prompt as a row. A prompt of text alone is not copied. */
export function rowOf(pieces: readonly PromptPiece[]): CellRow {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1 && !isMedia(first)) return { cells: first, media: [] };
  const cells: number[] = [];
  const media: MediaSpan[] = [];
  for (const piece of pieces) {
    if (!isMedia(piece)) {
      for (const token of piece) cells.push(token);
      continue;
    }
    media.push({ at: cells.length, piece });
    const mark = markOf(piece);
    for (let i = 0; i < piece.cells; i++) cells.push(mark);
  }
  return { cells, media };
}

/** Hex digits of the hash in a mark; 48 bits, so that mark and chunk are a whole number that a double holds. */
const MARK_DIGITS = 12;
const CHUNKS = 16;

/** The number that stands for a picture in a row: the same for the same picture in every process, and never a token. */
export function markOf({ hash, chunk }: Pick<MediaPiece, "hash" | "chunk">): number {
  return -1 - (Number.parseInt(hash.slice(0, MARK_DIGITS), 16) * CHUNKS + (chunk % CHUNKS));
}

/** The longest front of `row` that is no longer than `length` and has none of its pictures in part. */
export function wholeMedia(row: CellRow, length: number): number {
  const split = row.media.find(({ at, piece }) => at < length && length < at + piece.cells);
  return split?.at ?? length;
}

/** The position of a cell in its sequence, for llama.cpp: cells behind pictures may have lower ones than their place. */
export function positionOf(media: readonly MediaSpan[], cell: number): number {
  let saved = 0;
  for (const { at, piece } of media) if (at < cell) saved += piece.cells - piece.positions;
  return cell - saved;
}

/** The picture that has this cell. */
export const mediaAt = (media: readonly MediaSpan[], cell: number): MediaSpan | undefined =>
  media.find(({ at, piece }) => at <= cell && cell < at + piece.cells);

/** The first picture that begins behind `cell`. */
export const mediaBehind = (media: readonly MediaSpan[], cell: number): MediaSpan | undefined =>
  media.find(({ at }) => at > cell);
