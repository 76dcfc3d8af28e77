/**
 * llama.cpp's attention on a CPU goes over cells in tiles of so many, and sums each tile first. Numbers are the same to the last bit only
 * where a sequence's cells are divided into tiles in the same way.
 */
export const TILE = 64;

/** Products are computed for so many tokens at a time; the remaining tokens of a batch go through other code. */
export const STEP = 16;

/** The next multiple of `unit`. */
export const upTo = (count: number, unit: number): number => Math.ceil(count / unit) * unit;

/**
 * Places blocks of tokens one behind the other so that each is computed as it would be alone: from a multiple of {@link STEP}, and in one
 * tile where it fits one, else from the beginning of one.
 *
 * @returns the place of each from the front that ends within `room` cells, counted from the beginning of a tile.
 */
export function placeBlocks(lengths: readonly number[], room: number): number[] {
  const places: number[] = [];
  let end = 0;
  for (const length of lengths) {
    const inTile = end % TILE;
    const at = inTile > 0 && inTile + length > TILE ? upTo(end, TILE) : end;
    end = upTo(at + length, STEP);
    if (end > room) break;
    places.push(at);
  }
  return places;
}
