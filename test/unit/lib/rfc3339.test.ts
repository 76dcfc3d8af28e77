import { expect, test } from "bun:test";
import fc from "fast-check";
import { utcTimestamp, zonedTimestamp } from "../../../src/lib/rfc3339.ts";

const NOON = Date.UTC(2026, 10, 24, 12);

test.each<[number, string]>([
  [NOON, "2026-11-24T12:00:00Z"],
  [NOON + 500, "2026-11-24T12:00:00.5Z"],
  [NOON + 120, "2026-11-24T12:00:00.12Z"],
  [NOON + 7, "2026-11-24T12:00:00.007Z"],
  [NOON + 0.5, "2026-11-24T12:00:00.0005Z"],
  [0.000_001, "1970-01-01T00:00:00.000000001Z"],
  [999.999_999_9, "1970-01-01T00:00:01Z"],
  [-1, "1969-12-31T23:59:59.999Z"],
])("%p is %s", (milliseconds, text) => {
  expect(utcTimestamp(milliseconds)).toBe(text);
});

test.each<[number, number, string]>([
  [NOON + 10, 60, "2026-11-24T13:00:00.01+01:00"],
  [NOON, -210, "2026-11-24T08:30:00-03:30"],
  [NOON, 345, "2026-11-24T17:45:00+05:45"],
  [NOON, -720, "2026-11-24T00:00:00-12:00"],
  [NOON, 780, "2026-11-25T01:00:00+13:00"],
  [NOON, 0, "2026-11-24T12:00:00Z"],
])("%p at %p minutes is %s", (milliseconds, offset, text) => {
  expect(zonedTimestamp(milliseconds, offset)).toBe(text);
});

test("both name the moment that they were given", () => {
  const moment = fc.date({ min: new Date(0), max: new Date("9999-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(moment, fc.integer({ min: -840, max: 840 }), (date, offset) => {
      expect(Date.parse(utcTimestamp(date.getTime()))).toBe(date.getTime());
      expect(Date.parse(zonedTimestamp(date.getTime(), offset))).toBe(date.getTime());
      expect(Date.parse(zonedTimestamp(date.getTime()))).toBe(date.getTime());
    }),
  );
});
