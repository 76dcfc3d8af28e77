/** A picture (or a sound) in a prompt: a place that the projector's output for it fills. */
export interface MediaPiece {
  /** SHA-256 of the file that it was made from, in hex: two pieces of one hash and chunk are the same to the model. */
  hash: string;
  /** The projector may cut one picture into several chunks, with text between them; this is the chunk's number, from 0. */
  chunk: number;
  /** KV cache cells that it takes; what counts as its prompt tokens. */
  cells: number;
  /** Positions that it advances the text by: as many as cells, or fewer where a model has positions in two dimensions (M-RoPE). */
  positions: number;
  /** The piece begins with padding that puts its rest at the right position when the piece begins at a multiple of this many cells. */
  align?: number;
  /** Cells of that padding that are left out, where the piece begins elsewhere. Default 0. */
  skip?: number;
}

/** A part of a prompt: a run of tokens, or a picture. A prompt of text alone is one run, which nothing copies. */
export type PromptPiece = number[] | MediaPiece;

export const isMedia = (piece: PromptPiece): piece is MediaPiece => !Array.isArray(piece);

/** A picture at its place in a prompt. @param at cells in front of it. */
export function placed(piece: MediaPiece, at: number): MediaPiece {
  const skip = at % (piece.align ?? 1);
  if (skip === 0) return piece;
  return { ...piece, cells: piece.cells - skip, positions: piece.positions - skip, skip };
}

/** Cells that a prompt takes in the KV cache: its length, wherever that is counted or compared with the context length. */
export const cellsIn = (pieces: readonly PromptPiece[]): number =>
  pieces.reduce((sum, piece) => sum + (isMedia(piece) ? piece.cells : piece.length), 0);

/** The tokens of a prompt, its pictures left out. One run is returned as it is. */
export function tokensIn(pieces: readonly PromptPiece[]): number[] {
  const runs = pieces.filter((piece): piece is number[] => !isMedia(piece));
  return runs.length === 1 ? runs[0]! : runs.flat();
}
