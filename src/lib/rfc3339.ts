/** Date and time to the second, and the fraction with up to 9 digits, trailing zeros removed; no zone. */
function wallClock(milliseconds: number): string {
  let seconds = Math.floor(milliseconds / 1000);
  let nanos = Math.round((milliseconds - seconds * 1000) * 1e6);
  if (nanos === 1e9) {
    seconds += 1;
    nanos = 0;
  }
  const text = new Date(seconds * 1000).toISOString().slice(0, -5);
  return nanos === 0 ? text : `${text}.${nanos.toString().padStart(9, "0").replace(/0+$/, "")}`;
}

/**
 * A UTC timestamp as `created_at` has it (docs/behaviour: api-native §1.3): `2026-11-24T19:51:22.5Z`.
 *
 * @param milliseconds since the epoch, a fraction allowed; finite and within the years 0 to 9999.
 */
export const utcTimestamp = (milliseconds: number): string => `${wallClock(milliseconds)}Z`;

/**
 * A timestamp in a time zone as `modified_at` and `expires_at` have it: `2026-11-24T20:51:22.5+01:00`, `Z` for UTC.
 *
 * @param milliseconds since the epoch, a fraction allowed; finite and within the years 0 to 9999.
 * @param offsetMinutes minutes east of UTC. Default: the machine's zone at that moment.
 */
export function zonedTimestamp(
  milliseconds: number,
  offsetMinutes: number = -new Date(milliseconds).getTimezoneOffset(),
): string {
  const offset = Math.trunc(offsetMinutes);
  if (offset === 0) return utcTimestamp(milliseconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  const distance = Math.abs(offset);
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.trunc(distance / 60))}:${two(distance % 60)}`;
  return `${wallClock(milliseconds + offset * 60_000)}${zone}`;
}

/**
 * The moment that a date (its first in UTC) or a time names: `2027-01-31`, `2027-01-31T18:00:00Z`.
 *
 * @returns milliseconds since the epoch; NaN for any other text.
 */
export const momentIn = (text: string): number =>
  /^\d{4}-\d\d-\d\d(T.*)?$/.test(text) ? Date.parse(text) : Number.NaN;
