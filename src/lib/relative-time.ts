const HOUR_SECONDS = 3600;
const DAY_HOURS = 24;
const WEEK_HOURS = 7 * DAY_HOURS;
const MONTH_HOURS = 30 * DAY_HOURS;
const YEAR_HOURS = 365 * DAY_HOURS;
/** Further ahead than this many years is `Forever`: Ollama reports a pinned model as expiring in 292 years. */
const FOREVER_YEARS = 20;
/** Go's zero time, 0001-01-01T00:00:00Z, in milliseconds since the epoch. */
const GO_ZERO_TIME = -62_135_596_800_000;

function spanText(seconds: number): string {
  if (seconds < 1) return "Less than a second";
  if (seconds < 2) return "1 second";
  if (seconds < 60) return `${Math.trunc(seconds)} seconds`;
  if (seconds < 120) return "About a minute";
  if (seconds < HOUR_SECONDS) return `${Math.trunc(seconds / 60)} minutes`;
  const hours = Math.round(seconds / HOUR_SECONDS);
  if (hours === 1) return "About an hour";
  if (hours < 2 * DAY_HOURS) return `${hours} hours`;
  if (hours < 2 * WEEK_HOURS) return `${Math.trunc(hours / DAY_HOURS)} days`;
  if (hours < 2 * MONTH_HOURS) return `${Math.trunc(hours / WEEK_HOURS)} weeks`;
  if (hours < 2 * YEAR_HOURS) return `${Math.trunc(hours / MONTH_HOURS)} months`;
  return `${Math.trunc(hours / YEAR_HOURS)} years`;
}

/**
 * A moment as seen from `now`: `4 minutes from now`, `3 weeks ago`, `Forever`, `Never` (docs/behaviour: cli §3.1).
 *
 * @param at milliseconds since the epoch; `Infinity` for what never ends; Go's zero time is `Never`.
 * @param now milliseconds since the epoch.
 */
export function relativeTime(at: number, now: number): string {
  if (at <= GO_ZERO_TIME) return "Never";
  const seconds = (at - now) / 1000;
  if (Math.trunc(seconds / HOUR_SECONDS / YEAR_HOURS) > FOREVER_YEARS) return "Forever";
  return seconds > 0 ? `${spanText(seconds)} from now` : `${spanText(-seconds)} ago`;
}
