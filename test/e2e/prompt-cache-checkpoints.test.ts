/** Models whose memory cannot be cut anywhere: recurrent ones go on from checkpoints, sliding windows as far as their cells are there. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SlotDone } from "../../src/engine/protocol.ts";
import { tinyGraniteHybrid } from "../support/models.ts";
import { pairFiles } from "../support/published/files.ts";
import { TestRunner } from "../support/real-runner.ts";

const LOAD = { contextLength: 1024, threads: 1 };
const MEMORY = { memoryBytes: 256 * 2 ** 20 };

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "llamero-checkpoints-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A message of so many tokens, none of them a control token. */
const words = (count: number, from: number): number[] =>
  Array.from({ length: count }, (_, i) => 20 + ((i * 7919 + from * 104_729 + ((i * i) % 31)) % 150));

async function ask(runner: TestRunner, tokens: number[], salt = ""): Promise<SlotDone> {
  const { end } = await runner.generate(tokens, { numPredict: 6 }, { salt });
  if (end.type !== "done") throw new Error(end.message);
  return end;
}

/** Short convolutions, gated delta nets, two kinds of sliding window, Mamba 2. */
const FAMILIES = ["lfm2", "qwen35", "gemma3", "gptoss", "granite-hybrid"];

describe.each(FAMILIES)("%s", (name) => {
  let modelPath: string;
  beforeAll(async () => {
    modelPath = name === "granite-hybrid" ? await tinyGraniteHybrid() : (await pairFiles(name)).native;
  });

  test("another question at the end costs what is new, and the answer is that of a slot of its own", async () => {
    await using runner = new TestRunner({ modelPath, cache: MEMORY, ...LOAD });
    const first = [...words(200, 1)];
    await ask(runner, first);
    const other = [...first.slice(0, 198), ...words(30, 2)];
    const { cachedTokens, tokens } = await ask(runner, other);
    // No message ends in these prompts, so the checkpoint is the one before the last tokens.
    expect(cachedTokens).toBeGreaterThanOrEqual(196);
    expect(cachedTokens).toBeLessThanOrEqual(198);
    // The same batches once more, and nothing restored: cut by hand, where it can be, or evaluated in the same pieces.
    await using plain = new TestRunner({ modelPath, ...LOAD });
    await ask(plain, first.slice(0, cachedTokens));
    expect((await ask(plain, other)).tokens).toEqual(tokens);
  }, 60_000);

  test("three conversations take turns on one slot and evaluate what is new", async () => {
    await using runner = new TestRunner({ modelPath, cache: MEMORY, ...LOAD });
    const talks = [words(150, 1), words(170, 5), words(130, 9)];
    for (let turn = 0; turn < 3; turn++) {
      for (const [at, talk] of talks.entries()) {
        const { cachedTokens, tokens } = await ask(runner, talk);
        if (turn > 0) expect(cachedTokens).toBeGreaterThanOrEqual(talk.length - 26);
        talks[at] = [...talk, ...tokens, ...words(20, turn + at)];
      }
    }
  }, 60_000);

  test("a restart goes on from the disk, and answers as the slot would have", async () => {
    const root = mkdtempSync(join(directory, "disk-"));
    const cache = { memoryBytes: 0, disk: { root, bytes: 2 ** 30, weights: name, key: "" } };
    const talk = words(300, 3);
    const longer = [...talk, ...words(40, 4)];
    const runner = new TestRunner({ modelPath, cache, ...LOAD });
    await ask(runner, talk);
    await runner.retire();
    await using again = new TestRunner({ modelPath, cache, ...LOAD });
    const restored = await ask(again, longer);
    expect(restored.cache?.source).toBe("disk");
    expect(restored.cachedTokens).toBeGreaterThanOrEqual(296);
    await using plain = new TestRunner({ modelPath, ...LOAD });
    await ask(plain, talk.slice(0, restored.cachedTokens));
    expect((await ask(plain, longer)).tokens).toEqual(restored.tokens);
    rmSync(root, { recursive: true });
  }, 60_000);
});
