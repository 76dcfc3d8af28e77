import { expect, test } from "bun:test";
import { relativeTime } from "../../../src/lib/relative-time.ts";

const NOW = Date.UTC(2026, 10, 24, 12);
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

test.each<[number, string]>([
  [0, "Less than a second"],
  [0.999, "Less than a second"],
  [1, "1 second"],
  [1.9, "1 second"],
  [2, "2 seconds"],
  [59.9, "59 seconds"],
  [MINUTE, "About a minute"],
  [2 * MINUTE - 1, "About a minute"],
  [2 * MINUTE, "2 minutes"],
  [HOUR - 1, "59 minutes"],
  [HOUR, "About an hour"],
  [1.49 * HOUR, "About an hour"],
  [1.5 * HOUR, "2 hours"],
  [47.4 * HOUR, "47 hours"],
  [47.5 * HOUR, "2 days"],
  [13.9 * DAY, "13 days"],
  [14 * DAY, "2 weeks"],
  [59 * DAY, "8 weeks"],
  [60 * DAY, "2 months"],
  [2 * YEAR - DAY, "24 months"],
  [2 * YEAR - 60, "2 years"],
  [2 * YEAR, "2 years"],
  [20.5 * YEAR, "20 years"],
])("%p seconds are %s", (seconds, text) => {
  expect(relativeTime(NOW - seconds * 1000, NOW)).toBe(`${text} ago`);
  if (seconds > 0) expect(relativeTime(NOW + seconds * 1000, NOW)).toBe(`${text} from now`);
});

test("far ahead is for ever, far back is not", () => {
  expect(relativeTime(NOW + 21 * YEAR * 1000, NOW)).toBe("Forever");
  expect(relativeTime(Number.POSITIVE_INFINITY, NOW)).toBe("Forever");
  expect(relativeTime(NOW - 21 * YEAR * 1000, NOW)).toBe("21 years ago");
});

test("Go's zero time is never", () => {
  expect(relativeTime(Date.parse("0001-01-01T00:00:00Z"), NOW)).toBe("Never");
});
