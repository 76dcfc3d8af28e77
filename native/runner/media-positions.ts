/** Planes of a position where a model has positions in several dimensions (M-RoPE). */
const PLANES = 4;

/** Planes of positions of a chunk that begins at 0, and by how much each moves when it begins one later. */
export interface Places {
  at: Int32Array;
  moves: Int32Array;
}

/** The plane of positions in which a picture's cells have its number, where a model counts pictures. */
const COUNT_PLANE = 3;

/** Cells of a chunk that are decoded together. */
export interface ChunkPart {
  /** Position of the chunk's first cell. */
  begin: number;
  from: number;
  count: number;
  /** Pictures before it. */
  number: number;
  /** Of how many of the last cells the outputs are wanted. */
  outputs: number;
}

/** Models that read blocks of so many tokens, in which pictures have their place; libmtmd tokenises one by itself as if it began a block. */
export const ALIGNED: Record<string, number> = { deepseek4v: 4 };

/** Models to which a picture's number in the prompt is a position; libmtmd tokenises one by itself as the first. */
export const COUNTING = new Set(["hunyuanvl"]);

export const planes = (cells: number): Int32Array => new Int32Array(cells * PLANES);

/** The positions of a part of a chunk, plane by plane, as llama.cpp wants them. */
export function positionsOf(
  { cells, places }: { cells: number; places?: Places },
  { begin, from, count, number }: Omit<ChunkPart, "outputs">,
): Int32Array {
  if (places === undefined) return Int32Array.from({ length: count }, (_, index) => begin + from + index);
  const positions = planes(count);
  for (let plane = 0; plane < PLANES; plane++) {
    for (let i = 0; i < count; i++) {
      const cell = plane * cells + from + i;
      const stays = plane === COUNT_PLANE && places.moves[cell] === 0;
      positions[plane * count + i] = places.at[cell]! + begin * places.moves[cell]! + (stays ? number : 0);
    }
  }
  return positions;
}
