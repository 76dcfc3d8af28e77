/** What a pull makes of the server's memory. test/full has the same with 2 GB. */
import { expect, test } from "bun:test";
import { MEMORY_LIMIT, pullLarge } from "../support/pull-large.ts";

const MEBIBYTES = 300;

test.skipIf(process.platform !== "linux")(
  `a model of ${MEBIBYTES} MiB passes through a server that stays small`,
  async () => {
    const { published, stored, peakBytes } = await pullLarge(MEBIBYTES);
    expect(stored).toBe(published);
    expect(peakBytes).toBeLessThan(MEMORY_LIMIT);
  },
  120_000,
);
