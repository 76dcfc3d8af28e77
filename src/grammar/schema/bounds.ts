import type { Bound } from "./facets.ts";

/** Of two bounds on the same side the one that lets fewer numbers pass. */
export const tighter =
  (side: "lower" | "upper") =>
  (a: Bound | undefined, b: Bound | undefined): Bound | undefined => {
    if (a === undefined || b === undefined) return a ?? b;
    if (a.value === b.value) return a.exclusive ? a : b;
    return a.value > b.value === (side === "lower") ? a : b;
  };

/** Can no number lie between the bounds? */
export function isEmptyRange(lower: Bound | undefined, upper: Bound | undefined): boolean {
  if (lower === undefined || upper === undefined) return false;
  if (lower.value === upper.value) return lower.exclusive || upper.exclusive;
  return lower.value > upper.value;
}

export function isWithin(value: number, lower: Bound | undefined, upper: Bound | undefined): boolean {
  if (lower !== undefined && (lower.exclusive ? value <= lower.value : value < lower.value)) return false;
  return upper === undefined || (upper.exclusive ? value < upper.value : value <= upper.value);
}

/** How many digits a fraction may have to be a multiple of 1, 0.1, 0.01 and so on; undefined for any other step. */
export function decimalPlaces(step: number): number | undefined {
  const places = Math.round(-Math.log10(step));
  return places >= 0 && places <= 15 && Number(`1e-${places}`) === step ? places : undefined;
}
