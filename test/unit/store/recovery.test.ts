/** The books are damaged or gone: every model is there again afterwards, and no blob is lost. */
import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import {
  closeSync,
  cpSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { createLogger } from "../../../src/lib/logger.ts";
import { takeUpAtStart } from "../../../src/models/take-up.ts";
import { GRACE_MS } from "../../../src/store/grace.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { createTiny, openCatalog } from "../../support/catalog-fixture.ts";
import { nameOf, tempDirectory } from "../../support/store-fixture.ts";

const PAGE = 4096;
const TAGS = ["a:latest", "b:latest", "c:latest"];

/**
 * A store of three models and a response, at rest. The blobs are so old that nothing but a manifest protects them. A copy, because
 * SQLite remembers in one process what it knows of a file.
 */
async function filled(): Promise<ReturnType<typeof tempDirectory>> {
  using fixture = openCatalog();
  await createTiny(fixture, "a", { system: "I am a.", parameters: { seed: 1 } });
  await createTiny(fixture, "b", { system: "I am b.", license: ["MIT"] });
  fixture.catalog.copy(nameOf("a"), nameOf("c"));
  fixture.store.responses.keep({ id: "resp_1", body: { model: "a" }, input: [], output: [] });
  fixture.store[Symbol.dispose]();
  return copyOf(fixture.directory);
}

function copyOf(directory: string): ReturnType<typeof tempDirectory> {
  const copy = tempDirectory();
  cpSync(directory, copy.path, { recursive: true, preserveTimestamps: true });
  age(copy.path);
  return copy;
}

function age(directory: string): void {
  const old = new Date(Date.now() - 3 * GRACE_MS);
  for (const file of readdirSync(join(directory, "blobs")))
    utimesSync(join(directory, "blobs", file), old, old);
}

const books = (directory: string): string => join(directory, "llamero.db");

function overwrite(path: string, page: number, byte: number): void {
  const fd = openSync(path, "r+");
  writeSync(fd, new Uint8Array(PAGE).fill(byte), 0, PAGE, page * PAGE);
  closeSync(fd);
}

/** The number of a table's first page, from 0. Read from a copy in memory. */
function rootPage(path: string, table: string): number {
  using db = Database.deserialize(Uint8Array.from(readFileSync(path)).fill(1, 18, 20));
  const row = db
    .query<{ page: number }, [string]>("select rootpage page from sqlite_schema where name = ?")
    .get(table);
  return row!.page - 1;
}

const dropLog = (directory: string): void => {
  for (const suffix of ["-wal", "-shm"]) rmSync(books(directory) + suffix, { force: true });
};

interface Reopened extends Disposable {
  store: Store;
  warnings: string[];
}

async function reopen(directory: string): Promise<Reopened> {
  const warnings: string[] = [];
  const logger = createLogger("warn", "text", (line) => warnings.push(line));
  const store = openStore({ directory, logger });
  await takeUpAtStart(store, logger);
  return { store, warnings, [Symbol.dispose]: () => store[Symbol.dispose]() };
}

const listed = ({ store }: Reopened): string[] =>
  store.reads
    .list()
    .map(({ model, tag }) => `${model}:${tag}`)
    .sort();

/** Opens the store twice: what the first start has saved must not go at the second. */
async function expectWhole({ path: directory }: { path: string }): Promise<string[]> {
  const blobs = readdirSync(join(directory, "blobs")).sort();
  let warnings: string[] = [];
  for (const time of [1, 2]) {
    age(directory);
    using reopened = await reopen(directory);
    expect(listed(reopened)).toEqual(TAGS);
    expect(readdirSync(join(directory, "blobs")).sort()).toEqual(blobs);
    const row = reopened.store.reads.find(nameOf("b"))!;
    const texts = reopened.store.reads.parts(row.manifestDigest).map(({ text }) => text);
    expect(texts).toContain("I am b.");
    const weights = reopened.store.reads.parts(row.manifestDigest)[1]!;
    expect(reopened.store.reads.gguf(weights.digest)).toMatchObject({ architecture: "llama" });
    if (time === 1) warnings = reopened.warnings;
  }
  return warnings.filter((line) => line.includes("made anew"));
}

describe("after the database was", () => {
  test.each<[string, (directory: string) => void]>([
    ["deleted", (directory) => rmSync(books(directory))],
    ["emptied", (directory) => truncateSync(books(directory), 0)],
    [
      "cut to a half",
      (directory) => truncateSync(books(directory), Math.floor(statSync(books(directory)).size / 2)),
    ],
    [
      "replaced with something else",
      (directory) => writeFileSync(books(directory), "no database ".repeat(4000)),
    ],
  ])("%s, all models are there, and the log says so in one line", async (_how, damage) => {
    using fixture = await filled();
    dropLog(fixture.path);
    damage(fixture.path);
    const lines = await expectWhole(fixture);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(books(fixture.path));
    expect(lines[0]).toContain("a:latest");
  });

  test("overwritten page by page, each time: either nothing is lost of what matters, or it is made anew", async () => {
    using fixture = await filled();
    dropLog(fixture.path);
    const pages = statSync(books(fixture.path)).size / PAGE;
    expect(pages).toBeGreaterThan(20);
    let anew = 0;
    // All of them in test/full/damaged-books.test.ts.
    for (let page = 0; page < pages; page += 4) {
      using copy = copyOf(fixture.path);
      overwrite(books(copy.path), page, page % 8 === 0 ? 0xa5 : 0);
      using reopened = await reopen(copy.path);
      expect([page, listed(reopened)]).toEqual([page, TAGS]);
      if (reopened.warnings.some((line) => line.includes("made anew"))) anew++;
    }
    expect(anew).toBeGreaterThan(pages / 8);
  }, 60_000);
});

test("damaged books are kept under another name, and what can be read of them is taken over", async () => {
  using fixture = await filled();
  // The manifests' own page, so that the models have to come from the tree.
  overwrite(books(fixture.path), rootPage(books(fixture.path), "manifests"), 0xa5);
  using reopened = await reopen(fixture.path);
  expect(listed(reopened)).toEqual(TAGS);
  expect(reopened.store.responses.find("resp_1")).toMatchObject({ body: { model: "a" } });
  const aside = readdirSync(fixture.path).filter((name) => /\.damaged-\w+$/.test(name));
  expect(aside).toHaveLength(1);
  expect(reopened.warnings.join()).toContain(aside[0]!);
});

test("books of a store without manifests are salvaged as far as they can be read", async () => {
  using fixture = await filled();
  rmSync(join(fixture.path, "manifests"), { recursive: true });
  overwrite(books(fixture.path), rootPage(books(fixture.path), "texts"), 0xa5);
  using reopened = await reopen(fixture.path);
  expect(listed(reopened)).toEqual(TAGS);
});

test("where neither books nor manifests are left, the blobs stay, until prune is asked", async () => {
  using fixture = await filled();
  rmSync(join(fixture.path, "manifests"), { recursive: true });
  rmSync(books(fixture.path));
  dropLog(fixture.path);
  const blobs = readdirSync(join(fixture.path, "blobs"));
  for (let start = 0; start < 3; start++) {
    using reopened = await reopen(fixture.path);
    expect(listed(reopened)).toEqual([]);
    expect(readdirSync(join(fixture.path, "blobs"))).toHaveLength(blobs.length);
  }
  using reopened = await reopen(fixture.path);
  expect(reopened.store.prune(false)).toHaveLength(blobs.length);
  expect(readdirSync(join(fixture.path, "blobs"))).toEqual([]);
});

test("a model that has lost a blob is named, and the others are made anew", async () => {
  using fixture = await filled();
  const system = fixture.path;
  rmSync(books(system));
  dropLog(system);
  const manifest = JSON.parse(
    readFileSync(join(system, "manifests/registry.ollama.ai/library/b/latest"), "utf8"),
  );
  const license = manifest.layers.find(({ mediaType }: { mediaType: string }) =>
    mediaType.endsWith("license"),
  );
  rmSync(join(system, "blobs", license.digest.replace(":", "-")));
  using reopened = await reopen(system);
  expect(listed(reopened)).toEqual(["a:latest", "c:latest"]);
  expect(reopened.warnings.some((line) => line.includes("left out") && line.includes("b:latest"))).toBe(true);
  expect(existsSync(join(system, "manifests/registry.ollama.ai/library/b/latest"))).toBe(true);
});

test("books that are whole are left alone", async () => {
  using fixture = await filled();
  const lines = await expectWhole(fixture);
  expect(lines).toEqual([]);
  expect(readdirSync(fixture.path).some((name) => name.includes("damaged"))).toBe(false);
});
