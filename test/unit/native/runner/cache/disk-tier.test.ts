import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CachedPrompt } from "../../../../../native/runner/cache/cached-prompt.ts";
import { diskBudget, filesToRemove } from "../../../../../native/runner/cache/disk/budget.ts";
import { DiskTier } from "../../../../../native/runner/cache/disk/disk-tier.ts";
import { unprivileged } from "../../../../support/unprivileged.ts";

const MIB = 2 ** 20;
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "llamero-prompts-"));
});

afterEach(() => rmSync(root, { recursive: true }));

async function openTier(more: Partial<ConstructorParameters<typeof DiskTier>[0]> = {}): Promise<DiskTier> {
  const tier = new DiskTier({
    root,
    folder: join(root, "weights"),
    fingerprint: "build 1",
    mostCells: 4096,
    bytes: 100 * MIB,
    ...more,
  });
  await tier.list(Date.now());
  return tier;
}

const bytes = (length: number, from = 0): Uint8Array => Uint8Array.from({ length }, (_, i) => from + i * 31);
const prompt = (length: number, from = 0, more: Partial<CachedPrompt> = {}): CachedPrompt => ({
  cells: Array.from({ length }, (_, i) => from + i),
  salt: "",
  media: [],
  floor: 0,
  checkpoints: [],
  state: bytes(5000, from),
  ...more,
});
const files = () => readdirSync(join(root, "weights")).map((name) => join(root, "weights", name));

describe("what is written", () => {
  test("is found by another process, with all that belongs to it", async () => {
    const written = prompt(300, -20, {
      salt: "somebody",
      floor: 300,
      checkpoints: [{ cells: 100, state: bytes(70) }],
      media: [{ at: 2, piece: { hash: "ab", chunk: 0, cells: 4, positions: 4 } }],
    });
    await (await openTier()).store(written, Date.now());
    const tier = await openTier();
    const [entry] = tier.entries;
    expect(entry).toMatchObject({
      cells: written.cells,
      salt: "somebody",
      floor: 300,
      checkpoints: [{ cells: 100 }],
    });
    expect(await tier.load(entry!, Date.now())).toEqual({
      ...written,
      state: Buffer.from(written.state),
      checkpoints: [{ cells: 100, state: Buffer.from(bytes(70)) }],
    });
  });

  test("is for its owner alone", async () => {
    await (await openTier()).store(prompt(300), Date.now());
    expect(statSync(files()[0]!).mode & 0o777).toBe(0o600);
    expect(statSync(join(root, "weights")).mode & 0o777).toBe(0o700);
  });

  test("takes the place of what it begins with, of the same caller", async () => {
    const tier = await openTier();
    await tier.store(prompt(300), Date.now());
    await tier.store(prompt(300, 0, { salt: "other" }), Date.now());
    await tier.store(prompt(400), Date.now());
    expect(tier.entries.map(({ cells, salt }) => [cells.length, salt])).toEqual([
      [300, "other"],
      [400, ""],
    ]);
    expect(files()).toHaveLength(2);
    expect(tier.has({ cells: prompt(350).cells, salt: "" })).toBe(true);
    expect(tier.has({ cells: prompt(350).cells, salt: "other" })).toBe(false);
  });

  test("is not used by another build, and stays for the build that wrote it", async () => {
    await (await openTier()).store(prompt(300), Date.now());
    expect((await openTier({ fingerprint: "build 2" })).entries).toEqual([]);
    expect((await openTier()).entries).toHaveLength(1);
  });
});

test("what is longer than the context is not found, and stays for a longer one", async () => {
  await (await openTier()).store(prompt(300), Date.now());
  expect((await openTier({ mostCells: 299 })).entries).toEqual([]);
  expect((await openTier({ mostCells: 300 })).entries).toHaveLength(1);
});

describe("a file that is not as it was written", () => {
  test("is a miss and gone, whichever byte is wrong", async () => {
    await (await openTier()).store(prompt(300), Date.now());
    const [path] = files();
    const good = readFileSync(path!);
    for (let at = 0; at < good.length; at += 97) {
      const bad = Buffer.from(good);
      bad[at]! ^= 1 << (at % 8);
      writeFileSync(path!, bad);
      const tier = await openTier();
      const [entry] = tier.entries;
      const loaded = entry && (await tier.load(entry, Date.now()));
      expect(loaded, `byte ${at}`).toBeUndefined();
      expect(files(), `byte ${at}`).toEqual([]);
    }
    expect(good.length).toBeGreaterThan(7000);
  });

  test.each([0, 5, 12, 100, 3000, 7300])("is a miss when it ends after %i bytes", async (length) => {
    await (await openTier()).store(prompt(300), Date.now());
    const [path] = files();
    writeFileSync(path!, readFileSync(path!).subarray(0, length));
    expect((await openTier()).entries).toEqual([]);
  });

  test("is a miss when it was removed meanwhile", async () => {
    const tier = await openTier();
    await tier.store(prompt(300), Date.now());
    rmSync(files()[0]!);
    expect(await tier.load(tier.entries[0]!, Date.now())).toBeUndefined();
    expect(tier.entries).toEqual([]);
  });
});

describe("room", () => {
  test("what was not used for longest goes, whichever model's it is", async () => {
    const other = await openTier({ folder: join(root, "other weights") });
    await other.store(prompt(300, 7), Date.now());
    const [old] = readdirSync(join(root, "other weights"));
    utimesSync(join(root, "other weights", old!), 1000, 1000);
    const tier = await openTier({ bytes: 16_000 });
    await tier.store(prompt(300, 1000), Date.now());
    await tier.store(prompt(300, 2000), Date.now());
    expect(readdirSync(join(root, "other weights"))).toEqual([]);
    expect(tier.entries).toHaveLength(2);
    await tier.store(prompt(300, 3000), Date.now());
    expect(files()).toHaveLength(2);
  });

  test("what is larger than the budget is not written", async () => {
    const tier = await openTier({ bytes: 1000 });
    await tier.store(prompt(300), Date.now());
    expect(tier.entries).toEqual([]);
    expect(files()).toEqual([]);
  });

  test("no more than a tenth of what is free", () => {
    expect(diskBudget(4000, 90_000, 10_000)).toBe(4000);
    expect(diskBudget(4000, 10_000, 1000)).toBe(1100);
    expect(
      filesToRemove(
        [
          { path: "a", bytes: 10, lastUsed: 2 },
          { path: "b", bytes: 10, lastUsed: 1 },
        ],
        5,
        15,
      ).map(({ path }) => path),
    ).toEqual(["b"]);
  });

  test("a temporary file that nobody writes any more is removed, one that is being written stays", async () => {
    mkdirSync(join(root, "weights"));
    const stale = join(root, "weights", "x.kv.1.tmp");
    writeFileSync(stale, "half");
    writeFileSync(join(root, "weights", "y.kv.1.tmp"), "half");
    utimesSync(stale, 1000, 1000);
    await openTier();
    expect(readdirSync(join(root, "weights"))).toEqual(["y.kv.1.tmp"]);
  });
});

test("a folder that cannot be written is said, and nothing is lost", async () => {
  const tier = await openTier();
  await unprivileged(root, async () => {
    chmodSync(root, 0o500);
    await expect(tier.store(prompt(300), Date.now())).rejects.toThrow("EACCES");
    chmodSync(root, 0o700);
    await tier.store(prompt(300), Date.now());
    expect(tier.entries).toHaveLength(1);
  });
});
