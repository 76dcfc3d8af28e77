export interface TestCounts {
  passed: number;
  failed: number;
}

/** The totals at the end of `bun test`'s output (` 95 pass`, ` 0 fail`); zero where it says nothing. */
export function testCounts(output: string): TestCounts {
  return { passed: lastCount(output, "pass"), failed: lastCount(output, "fail") };
}

function lastCount(output: string, word: string): number {
  const plain = Bun.stripANSI(output);
  const matches = [...plain.matchAll(new RegExp(`^\\s*(\\d+) ${word}$`, "gm"))];
  return Number(matches.at(-1)?.[1] ?? 0);
}
