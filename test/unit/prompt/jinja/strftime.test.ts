import { expect, test } from "bun:test";
import { strftime } from "../../../../src/prompt/jinja/strftime.ts";

const morning = new Date(2024, 1, 9, 7, 5, 3);
const evening = new Date(2024, 11, 31, 12, 0, 0);

test.each([
  [morning, "%Y-%m-%d", "2024-02-09"],
  [morning, "%d %b %Y", "09 Feb 2024"],
  [morning, "%A, %B %-d, %Y", "Friday, February 9, 2024"],
  [morning, "%a %e %y", "Fri  9 24"],
  [morning, "%H:%M:%S %I %p", "07:05:03 07 AM"],
  [morning, "%-H:%-M %-I", "7:5 7"],
  [morning, "%F %T", "2024-02-09 07:05:03"],
  [morning, "%j", "040"],
  [evening, "%j %I %p %-m", "366 12 PM 12"],
  [evening, "100%% %Q % ", "100% %Q % "],
  [new Date(2024, 0, 1, 0, 0, 0), "%I %p %j %-H", "12 AM 001 0"],
])("%p %s", (date, format, expected) => {
  expect(strftime(date, format)).toBe(expected);
});
