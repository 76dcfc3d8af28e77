import { expect, test } from "bun:test";
import { existsSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { openDatabase } from "../../../src/store/database.ts";
import { GRACE_MS } from "../../../src/store/grace.ts";
import { renderManifest } from "../../../src/store/manifest.ts";
import { MEDIA } from "../../../src/store/media-type.ts";
import { partialPath } from "../../../src/store/partials.ts";
import { pullBlobs, pulls } from "../../../src/store/schema.ts";
import { openStore } from "../../../src/store/store.ts";
import { thisWriter, writerText } from "../../../src/store/temp-name.ts";
import {
  bytesOf,
  chunks,
  commitTexts,
  digestOf,
  manualClock,
  nameOf,
  tempDirectory,
} from "../../support/store-fixture.ts";

const CONTENT = "0123456789";
const digest = digestOf(CONTENT);
const PLAN = [
  { offset: 0, length: 6 },
  { offset: 6, length: 4 },
];
const DEAD = writerText({ ...thisWriter, life: "00000000" });

/** A store in which six of ten bytes have been fetched. */
async function interrupted(directory: string) {
  const store = openStore({ directory });
  await using partial = await store.partials.open(digest, 10, PLAN);
  await partial.write(0, bytesOf("012345"));
  await partial.save([{ position: 0, done: 6, sha256: "x" }]);
  return store;
}

test("what was noted is there in another process, and the file becomes a blob", async () => {
  using directory = tempDirectory();
  (await interrupted(directory.path))[Symbol.dispose]();
  using store = openStore({ directory: directory.path });
  expect(store.partials.bytesDone(digest)).toBe(6);
  {
    await using partial = await store.partials.open(digest, 10, PLAN);
    expect(partial.parts.map(({ done, sha256 }) => [done, sha256])).toEqual([
      [6, "x"],
      [0, null],
    ]);
    await partial.write(6, bytesOf("6789"));
    await partial.promote();
  }
  expect(store.blobs.size(digest)).toBe(10);
  expect(await Bun.file(store.blobs.path(digest)).text()).toBe(CONTENT);
  expect(readdirSync(join(directory.path, "blobs"))).toHaveLength(1);
});

test.each([
  ["gone", (path: string) => rmSync(path)],
  ["cut short", (path: string) => truncateSync(path, 3)],
])("a file that is %s is begun anew", async (_what, damage) => {
  using directory = tempDirectory();
  using store = await interrupted(directory.path);
  damage(partialPath(join(directory.path, "blobs"), digest));
  await using partial = await store.partials.open(digest, 10, PLAN);
  expect(partial.parts.map(({ done }) => done)).toEqual([0, 0]);
});

test("a file of that name that is not ours is replaced and not written to", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const path = partialPath(join(directory.path, "blobs"), digest);
  writeFileSync(path, "their bytes");
  const theirs = Bun.file(path);
  await using partial = await store.partials.open(digest, 10, PLAN);
  await partial.write(0, bytesOf(CONTENT));
  expect(await theirs.text()).toBe(CONTENT);
  expect(partial.parts.every(({ done }) => done === 0)).toBe(true);
});

test("garbage collection keeps partial files and whole blobs of pulls at any age", async () => {
  using directory = tempDirectory();
  const clock = manualClock();
  (await interrupted(directory.path))[Symbol.dispose]();
  const whole = digestOf("whole");
  {
    using store = openStore({ directory: directory.path, clock });
    await using partial = await store.partials.open(whole, 5, [{ offset: 0, length: 5 }]);
    await partial.write(0, bytesOf("whole"));
    await partial.promote();
  }
  clock.advance(1000 * GRACE_MS);
  using store = openStore({ directory: directory.path, clock });
  expect(store.partials.bytesDone(digest)).toBe(6);
  expect(store.blobs.size(whole)).toBe(5);
  store.partials.remove([digest, whole]);
  expect(existsSync(partialPath(join(directory.path, "blobs"), digest))).toBe(false);
  using after = openStore({ directory: directory.path, clock });
  expect(after.blobs.size(whole)).toBeUndefined();
});

test("pruning removes what is left of pulls and what no model names, and spares what is at work or young", async () => {
  using directory = tempDirectory();
  const clock = manualClock();
  (await interrupted(directory.path))[Symbol.dispose]();
  using store = openStore({ directory: directory.path, clock });
  await commitTexts(store, nameOf("m"), { [MEDIA.model]: "weights" });
  await store.blobs.put(digestOf("upload"), chunks("upload"));
  const files = readdirSync(join(directory.path, "blobs"));
  const partial = { digest, kind: "partial" as const, size: 6 };
  expect(store.prune(true)).toEqual([partial]);
  expect(readdirSync(join(directory.path, "blobs"))).toEqual(files);
  const manifest = { mediaType: MEDIA.model, digest, size: 10 };
  const id = store.pulls.begin(nameOf("x"));
  store.pulls.setManifest(id, renderManifest({ config: manifest, layers: [] }));
  expect(store.prune(false)).toEqual([]);
  store.pulls.end(id, "paused");
  clock.advance(2 * GRACE_MS);
  expect(store.prune(false)).toEqual([partial, { digest: digestOf("upload"), kind: "blob", size: 6 }]);
  expect(store.prune(true)).toEqual([]);
  expect(readdirSync(join(directory.path, "blobs"))).toHaveLength(files.length - 2);
  expect(store.blobs.size(digestOf("weights"))).toBe(7);
});

test("a hold that a dead process left on a model's blob goes, and the blob goes with its model", async () => {
  using directory = tempDirectory();
  {
    using store = openStore({ directory: directory.path });
    await using partial = await store.partials.open(digest, 10, PLAN);
    await partial.write(0, bytesOf(CONTENT));
    await partial.promote();
    await commitTexts(store, nameOf("m"), { [MEDIA.model]: CONTENT });
  }
  using store = openStore({ directory: directory.path });
  expect(store.remove(nameOf("m"))).toBe(true);
  expect(store.blobs.size(digest)).toBeUndefined();
});

test("one process at a time: a living one's claim holds, a dead one's does not", async () => {
  using directory = tempDirectory();
  using store = await interrupted(directory.path);
  const db = openDatabase(join(directory.path, "llamero.db"));
  const claim = (writer: string) =>
    db.update(pullBlobs).set({ writer }).where(eq(pullBlobs.digest, digest)).run();
  claim(writerText({ ...thisWriter, pid: process.ppid }));
  expect(store.partials.open(digest, 10, PLAN)).rejects.toMatchObject({ kind: "busy" });
  store.partials.remove([digest]);
  expect(store.partials.bytesDone(digest)).toBe(6);
  claim(DEAD);
  await (await store.partials.open(digest, 10, PLAN))[Symbol.asyncDispose]();
  db.$client.close();
});

test("a pull goes on under its id after its process has died, and a new one begins after one that is done", () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const id = store.pulls.begin(nameOf("m"));
  expect(store.pulls.list()).toMatchObject([{ id, state: "running" }]);
  const db = openDatabase(join(directory.path, "llamero.db"));
  db.update(pulls).set({ writer: DEAD }).run();
  db.$client.close();
  expect(store.pulls.list()).toMatchObject([{ id, state: "paused" }]);
  expect(store.pulls.begin(nameOf("m"))).toBe(id);
  store.pulls.end(id, "done");
  const next = store.pulls.begin(nameOf("m"));
  expect(next).not.toBe(id);
  expect(store.pulls.list().map((pull) => pull.state)).toEqual(["running", "done"]);
});

test("only the last hundred ended pulls are remembered", () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  for (let index = 0; index < 105; index++) store.pulls.end(store.pulls.begin(nameOf("m")), "failed", "why");
  expect(store.pulls.list().length).toBeLessThanOrEqual(101);
});

test("a partial file of which the books know nothing goes by prune, unless it is Ollama's or young", () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const path = (label: string) => `${store.blobs.path(digestOf(label))}-partial`;
  for (const label of ["lost", "theirs", "young"]) writeFileSync(path(label), "x".repeat(5000));
  writeFileSync(`${path("theirs")}-0`, "{}");
  for (const label of ["lost", "theirs"]) utimesSync(path(label), new Date(0), new Date(0));
  const found = [{ kind: "partial" as const, digest: digestOf("lost"), size: 5000 }];
  expect(store.prune(true)).toEqual(found);
  expect(existsSync(path("lost"))).toBe(true);
  expect(store.prune(false)).toEqual(found);
  expect(["lost", "theirs", "young"].map((label) => existsSync(path(label)))).toEqual([false, true, true]);
});
