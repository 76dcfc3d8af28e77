/** A word of which more than a third of the letters differ is no misspelling. */
const SHARE = 1 / 3;

/** Those of `names` that `typed` may have been meant to be, the likeliest first: a few letters differ, or it is the beginning. */
export function closest(typed: string, names: readonly string[], most = 3): string[] {
  const wanted = typed.toLowerCase();
  return names
    .map((name) => ({ name, distance: distanceOf(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(wanted.length * SHARE)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ name }) => name);
}

/** The installed models, as `list` shows them, whose names are closest; `latest` need not be typed. */
export function closestModels(typed: string, models: readonly { name: string }[]): string[] {
  const wanted = typed.replace(/:latest$/, "");
  const names = models.map(({ name }) => name.replace(/:latest$/, ""));
  return closest(wanted, names);
}

/** The sentence that offers them; "" for none. */
export const suggestion = (names: readonly string[]): string =>
  names.length === 0
    ? ""
    : `\n\nDid you mean this?\n${names.map((name) => `\t${name}\n`).join("")}`.trimEnd();

function distanceOf(typed: string, name: string): number {
  return typed.length > 1 && name.startsWith(typed) ? 0 : editDistance(typed, name);
}

/** Letters to insert, remove or replace, and neighbours to swap (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swaps = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = swaps ? rows[i - 2]![j - 2]! + 1 : replaced;
      row.push(Math.min(replaced, swapped, rows[i - 1]![j]! + 1, row[j - 1]! + 1));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
