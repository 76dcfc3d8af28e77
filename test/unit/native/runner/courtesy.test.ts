import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";

const COURTESY = join(import.meta.dir, "../../../../native/runner/courtesy.ts");
const PROGRAM = `
  import { getPriority } from "node:os";
  import { readFileSync } from "node:fs";
  import { letOthersFirst } from ${JSON.stringify(COURTESY)};
  const group = () => { try { return readFileSync("/proc/self/autogroup", "utf8").trim().split(" "); } catch { return []; } };
  const before = group();
  letOthersFirst();
  console.log(JSON.stringify({ nice: getPriority(), before, after: group() }));
`;

interface Told {
  nice: number;
  /** Name, "nice", value. */
  before: string[];
  after: string[];
}

async function told(detached: boolean): Promise<Told> {
  const child = Bun.spawn([process.execPath, "-e", PROGRAM], { detached, stdout: "pipe", stderr: "inherit" });
  return JSON.parse(await child.stdout.text()) as Told;
}

test("a runner lets others first, of its own session and of all others", async () => {
  const { nice, after } = await told(true);
  expect(nice).toBeGreaterThanOrEqual(10);
  if (existsSync("/proc/self/autogroup")) expect(Number(after[2])).toBe(10);
});

test("one that is started in somebody's terminal leaves that session as it is", async () => {
  const { nice, before, after } = await told(false);
  expect(nice).toBeGreaterThanOrEqual(10);
  expect(after).toEqual(before);
});
