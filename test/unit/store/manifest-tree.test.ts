import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { silentLogger } from "../../../src/lib/logger.ts";
import { takeUpAtStart } from "../../../src/models/take-up.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { temporaryName, thisWriter } from "../../../src/store/temp-name.ts";
import { createTiny, openCatalog } from "../../support/catalog-fixture.ts";
import { ollamaStore } from "../../support/ollama-store.ts";
import { nameOf, tempDirectory } from "../../support/store-fixture.ts";

const LIBRARY = "manifests/registry.ollama.ai/library";

const filesBelow = (directory: string): string[] =>
  [...new Bun.Glob("manifests/**/*").scanSync({ cwd: directory, dot: true })].sort();

async function opened(directory: string): Promise<Store> {
  const store = openStore({ directory });
  await takeUpAtStart(store, silentLogger);
  return store;
}

const namesIn = (store: Store): string[] => store.reads.list().map(({ model, tag }) => `${model}:${tag}`);

describe("the manifest beside the blobs", () => {
  test("is written byte for byte with the model, copied, overwritten and removed with it", async () => {
    using fixture = openCatalog();
    const digestIn = (file: string) =>
      new Bun.CryptoHasher("sha256").update(readFileSync(join(fixture.directory, file))).digest("hex");
    await createTiny(fixture, "a", { system: "one" });
    const row = () => fixture.store.reads.find(nameOf("a"))!;
    expect(digestIn(`${LIBRARY}/a/latest`)).toBe(row().manifestDigest);
    expect(statSync(join(fixture.directory, LIBRARY, "a/latest")).mtimeMs).toBe(row().modifiedAt);

    fixture.catalog.copy(nameOf("a"), nameOf("b", "two"));
    expect(filesBelow(fixture.directory)).toEqual([`${LIBRARY}/a/latest`, `${LIBRARY}/b/two`]);
    const before = digestIn(`${LIBRARY}/a/latest`);
    await createTiny(fixture, "a", { system: "other" });
    expect(digestIn(`${LIBRARY}/a/latest`)).not.toBe(before);
    expect(digestIn(`${LIBRARY}/a/latest`)).toBe(row().manifestDigest);

    await fixture.catalog.remove(nameOf("A"));
    expect(filesBelow(fixture.directory)).toEqual([`${LIBRARY}/b/two`]);
    await fixture.catalog.remove(nameOf("b", "two"));
    expect(readdirSync(join(fixture.directory, "manifests"))).toEqual([]);
  });

  test("is written at the start where it is missing, as in a store of an older version", async () => {
    using fixture = openCatalog();
    await createTiny(fixture, "a");
    rmSync(join(fixture.directory, "manifests"), { recursive: true });
    openStore({ directory: fixture.directory })[Symbol.dispose]();
    expect(filesBelow(fixture.directory)).toEqual([`${LIBRARY}/a/latest`]);
  });

  test("that is older than the books is written anew, as after a crash between the two", async () => {
    using fixture = openCatalog();
    await createTiny(fixture, "a");
    const path = join(fixture.directory, LIBRARY, "a/latest");
    writeFileSync(path, "{}");
    utimesSync(path, new Date(0), new Date(0));
    using store = await opened(fixture.directory);
    expect(namesIn(store)).toEqual(["a:latest"]);
    expect(readFileSync(path, "utf8")).toContain("schemaVersion");
  });

  test("of which only the temporary file is there is forgotten when its writer is dead", async () => {
    using directory = tempDirectory();
    mkdirSync(join(directory.path, "manifests"));
    const dead = `.tmp-${temporaryName({ ...thisWriter, life: "00000000" })}`;
    const alive = `.tmp-${temporaryName()}`;
    for (const name of [dead, alive]) writeFileSync(join(directory.path, "manifests", name), "x");
    openStore({ directory: directory.path })[Symbol.dispose]();
    expect(readdirSync(join(directory.path, "manifests"))).toEqual([alive]);
  });

  test("cannot lie outside the tree, whatever a name is", async () => {
    using fixture = openCatalog();
    await createTiny(fixture, "a");
    expect(fixture.store.copy(nameOf("a"), { ...nameOf("b"), namespace: "../../../.." })).toBe(true);
    expect(filesBelow(fixture.directory)).toEqual([`${LIBRARY}/a/latest`]);
    expect(existsSync(join(fixture.directory, "../b"))).toBe(false);
  });
});

describe("models of Ollama in the same directory", () => {
  test("are taken up at the start, with the time at which they were made", async () => {
    using directory = tempDirectory();
    const ollama = ollamaStore(directory.path);
    const digest = await ollama.model("registry.ollama.ai/library/theirs/latest");
    const path = join(directory.path, LIBRARY, "theirs/latest");
    utimesSync(path, new Date(5000), new Date(5000));
    const before = statSync(path);
    using store = await opened(directory.path);
    expect(store.reads.find(nameOf("theirs"))).toMatchObject({ manifestDigest: digest, modifiedAt: 5000 });
    const { ino, mtimeMs, mode } = statSync(path);
    expect({ ino, mtimeMs, mode }).toEqual({ ino: before.ino, mtimeMs: before.mtimeMs, mode: before.mode });
  });

  test("a tag that Ollama has pulled anew is the new one", async () => {
    using fixture = openCatalog();
    await createTiny(fixture, "a", { system: "old" });
    const ollama = ollamaStore(fixture.directory);
    const path = join(fixture.directory, LIBRARY, "a/latest");
    const digest = await ollama.model("registry.ollama.ai/library/a/latest");
    const later = new Date(fixture.clock.now() + 5000);
    utimesSync(path, later, later);
    using store = await opened(fixture.directory);
    expect(store.reads.find(nameOf("a"))?.manifestDigest).toBe(digest);
  });

  test("links and files at other depths are nobody's manifests", async () => {
    using directory = tempDirectory();
    const ollama = ollamaStore(directory.path);
    await ollama.model("registry.ollama.ai/library/real/latest");
    mkdirSync(join(directory.path, LIBRARY, "linked"));
    symlinkSync(join(directory.path, LIBRARY, "real/latest"), join(directory.path, LIBRARY, "linked/latest"));
    ollama.manifest("registry.ollama.ai/library/.DS_Store", "x");
    ollama.manifest("registry.ollama.ai/library/deep/er/latest", "{}");
    using store = await opened(directory.path);
    expect(namesIn(store)).toEqual(["real:latest"]);
  });
});

test("a store that was made by version 0.1.0 opens, and gets its manifests", async () => {
  using fixture = openCatalog();
  await createTiny(fixture, "a", { system: "old" });
  fixture.store[Symbol.dispose]();
  rmSync(join(fixture.directory, "manifests"), { recursive: true });
  {
    // The schema as it was, with its four migrations.
    using db = new Database(join(fixture.directory, "llamero.db"));
    db.run("alter table blobs drop column salvaged");
    db.run("delete from __drizzle_migrations where id > 4");
  }
  using store = await opened(fixture.directory);
  expect(namesIn(store)).toEqual(["a:latest"]);
  expect(filesBelow(fixture.directory)).toEqual([`${LIBRARY}/a/latest`]);
});
