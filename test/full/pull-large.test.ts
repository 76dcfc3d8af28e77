/** A large model from a fast registry; test/bench has how fast that is. */
import { expect, test } from "bun:test";
import { MEMORY_LIMIT, pullLarge } from "../support/pull-large.ts";

const MEBIBYTES = 2000;

test.skipIf(process.platform !== "linux")(
  "a model of 2 GB arrives whole, and the server stays small throughout",
  async () => {
    const { published, stored, peakBytes } = await pullLarge(MEBIBYTES);
    expect(stored).toBe(published);
    expect(peakBytes).toBeLessThan(MEMORY_LIMIT);
    console.log(`the server's memory was at most ${(peakBytes / 1e6).toFixed(0)} MB`);
  },
  600_000,
);
