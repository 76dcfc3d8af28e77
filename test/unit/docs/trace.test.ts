import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { traceTable } from "../../support/trace-table.ts";
import { ROOT } from "../architecture/sources.ts";

/*
 * That the table is the way of a request, test/e2e/trace.test.ts holds: it has a server note in which files a function runs. Here
 * are its words and its numbers.
 */

const { steps, beside, told } = traceTable();
const handOn = steps.flatMap((step) => step.handOn);

test("the files that the table of one chat request names are there, each handing on in one step", () => {
  expect(steps.length).toBeGreaterThan(12);
  const named = [...handOn, ...steps.flatMap(({ asked }) => asked), ...beside.flat()];
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  expect(handOn.length).toBe(new Set(handOn).size);
});

test("a request is handed on by no more than 75 files, as many as the page says", () => {
  expect(handOn.length).toBe(told.handOn);
  expect(told.handOn).toBeGreaterThan(50);
  expect(told.handOn).toBeLessThanOrEqual(75);
});
