import { expect, test } from "bun:test";
import { madeOnce } from "../../../src/lib/made-once.ts";

test("made once for all who ask, and again after a failure", async () => {
  let times = 0;
  const made = madeOnce(async () => {
    times++;
    await Bun.sleep(1);
    if (times === 1) throw new Error("not yet");
    return times;
  });
  expect(await Promise.allSettled([made(), made()])).toMatchObject([
    { status: "rejected" },
    { status: "rejected" },
  ]);
  expect(await Promise.all([made(), made()])).toEqual([2, 2]);
  expect(await made()).toBe(2);
});
