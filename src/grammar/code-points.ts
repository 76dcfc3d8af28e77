export type CodePointRange = readonly [low: number, high: number];

/** A set of Unicode scalar values as inclusive ranges: sorted, disjoint, never adjacent. */
export type CodePoints = readonly CodePointRange[];

/** Everything but surrogates, which no UTF-8 text contains. */
export const ANY_CHARACTER: CodePoints = [
  [0, 0xd7ff],
  [0xe000, 0x10ffff],
];

export const single = (codePoint: number): CodePoints => [[codePoint, codePoint]];

/** The characters of `text`, in any order. */
export const charactersOf = (text: string): CodePoints =>
  union([...text].map((character) => single(character.codePointAt(0) ?? 0)));

export function union(sets: readonly CodePoints[]): CodePoints {
  const ranges = sets.flat().sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [low, high] of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else merged.push([low, high]);
  }
  return merged;
}

export function intersect(a: CodePoints, b: CodePoints): CodePoints {
  const common: CodePointRange[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [aLow, aHigh] = a[i]!;
    const [bLow, bHigh] = b[j]!;
    const low = Math.max(aLow, bLow);
    const high = Math.min(aHigh, bHigh);
    if (low <= high) common.push([low, high]);
    if (aHigh < bHigh) i += 1;
    else j += 1;
  }
  return common;
}

/** All scalar values that are not in `set`. */
export function complement(set: CodePoints): CodePoints {
  const gaps: CodePointRange[] = [];
  let next = 0;
  for (const [low, high] of set) {
    if (low > next) gaps.push([next, low - 1]);
    next = high + 1;
  }
  if (next <= 0x10ffff) gaps.push([next, 0x10ffff]);
  return intersect(gaps, ANY_CHARACTER);
}

export const includes = (set: CodePoints, codePoint: number): boolean =>
  set.some(([low, high]) => low <= codePoint && codePoint <= high);

/** A text that is equal for equal sets. */
export const codePointsKey = (set: CodePoints): string =>
  set.map(([low, high]) => `${low}-${high}`).join(",");
