import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../architecture/sources.ts";

/** Files that a step passes in another case only: a request that is refused, a model that is loaded. */
const BRANCH = /; a (refusal|load): [^;]*/g;

/** The steps of docs/architecture.md's table of one chat request: what stands in its column of files. */
function steps(): string[] {
  const page = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
  return [...page.matchAll(/^\| \d+ +\|.*\|(.*)\|$/gm)].map(([, files = ""]) => files);
}

/** A name without a room is of the room before it, or of the one above that. */
function placed(name: string, before: string): string {
  const room = before.endsWith("/") ? before.slice(0, -1) : dirname(before);
  const places = [
    name,
    join(room, name),
    join(dirname(room), name),
    join(room.split("/", 2).join("/"), name),
  ];
  return places.find((path) => existsSync(join(ROOT, path))) ?? name;
}

function filesIn(step: string): string[] {
  const files: string[] = [];
  for (const [, name = ""] of step.matchAll(/`([^`]+)`/g)) files.push(placed(name, files.at(-1) ?? ""));
  return files;
}

test("the files that one chat request passes are there", () => {
  const files = steps().flatMap(filesIn);
  expect(steps().length).toBeGreaterThan(12);
  expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test("they are no more than 75 to be read", () => {
  const files = new Set(steps().flatMap((step) => filesIn(step.replaceAll(BRANCH, ""))));
  const programs = [...files].filter((path) => path.endsWith(".ts"));
  expect(programs.length).toBeGreaterThan(50);
  expect(programs.length).toBeLessThanOrEqual(75);
});
