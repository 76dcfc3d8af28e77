const PARTS = 16;

/** Length of a part of a blob of `size` bytes: a sixteenth of it, from `least` to `most` bytes. */
export const partLength = (size: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, Math.ceil(size / PARTS)));
