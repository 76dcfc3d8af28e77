import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Report, svgOf, tableOf } from "../../bench/peer/report.ts";
import { ROOT } from "../architecture/sources.ts";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** A table without the blanks and dashes that the formatter adds. */
const unpadded = (table: string): string =>
  table
    .replace(/ *\| */g, "|")
    .replace(/-{3,}/g, "---")
    .trim();

test("the page's table and figure are those of its samples", () => {
  const report = JSON.parse(read("docs/speed.json")) as Report;
  const table = read("docs/speed.md").split("<!-- peer -->")[1]?.split("<!-- end peer -->")[0] ?? "";
  expect(unpadded(table)).toBe(unpadded(tableOf(report)));
  expect(read("docs/speed.svg")).toBe(svgOf(report));
});
