import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "../../../src/lib/logger.ts";
import { silentLogger } from "../../../src/lib/logger.ts";
import { GRACE_MS } from "../../../src/store/grace.ts";
import { renderManifest } from "../../../src/store/manifest.ts";
import { MEDIA } from "../../../src/store/media-type.ts";
import { openStore } from "../../../src/store/store.ts";
import { temporaryName, thisWriter } from "../../../src/store/temp-name.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { ollamaStore } from "../../support/ollama-store.ts";
import {
  chunks,
  commitTexts,
  digestOf,
  manualClock,
  nameOf,
  tempDirectory,
} from "../../support/store-fixture.ts";

const DEAD_PID = 2 ** 22 + 1;

function warnings(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    logger: { ...silentLogger, warn: (message, fields) => lines.push(`${message} ${fields?.model}`) },
  };
}

test("an uploaded blob survives until its grace is over", async () => {
  using directory = tempDirectory();
  const clock = manualClock();
  const digest = digestOf("upload");
  const open = () => openStore({ directory: directory.path, clock });
  {
    using store = open();
    await store.blobs.put(digest, chunks("upload"));
  }
  clock.advance(GRACE_MS - 5000);
  {
    using store = open();
    expect(store.blobs.size(digest)).toBe(6);
  }
  clock.advance(10_000);
  using store = open();
  expect(store.blobs.size(digest)).toBeUndefined();
  expect(existsSync(store.blobs.path(digest))).toBe(false);
});

test("a model's blobs survive any age, and without pruning so does everything", async () => {
  using directory = tempDirectory();
  const clock = manualClock();
  {
    using store = openStore({ directory: directory.path, clock });
    await commitTexts(store, nameOf("m"), { [MEDIA.model]: "weights" });
    await store.blobs.put(digestOf("unused"), chunks("unused"));
  }
  clock.advance(100 * GRACE_MS);
  {
    using store = openStore({ directory: directory.path, clock, noPrune: true });
    expect(store.blobs.size(digestOf("unused"))).toBe(6);
  }
  using store = openStore({ directory: directory.path, clock });
  expect(store.blobs.size(digestOf("unused"))).toBeUndefined();
  expect(store.blobs.size(digestOf("weights"))).toBe(7);
  expect(store.reads.list().map((model) => model.model)).toEqual(["m"]);
});

test("temporary files go when their writer is dead, and stay while it lives", () => {
  using directory = tempDirectory();
  const blobs = join(directory.path, "blobs");
  mkdirSync(blobs, { recursive: true });
  const names = {
    living: temporaryName({ ...thisWriter, pid: process.ppid }),
    ours: temporaryName(),
    dead: temporaryName({ ...thisWriter, pid: DEAD_PID }),
    formerLife: temporaryName({ ...thisWriter, life: "00000000" }),
    otherHost: temporaryName({ host: "00000000", pid: DEAD_PID, life: "00000000" }),
    otherHostOld: temporaryName({ host: "00000000", pid: DEAD_PID, life: "00000001" }),
    foreign: "sha256-123-partial-0",
  };
  for (const name of Object.values(names)) writeFileSync(join(blobs, name), "x");
  const old = new Date(Date.now() - 2 * GRACE_MS);
  for (const name of [names.otherHostOld, names.living, names.foreign])
    utimesSync(join(blobs, name), old, old);

  using _store = openStore({ directory: directory.path });
  const kept = [names.living, names.ours, names.otherHost, names.foreign];
  expect(readdirSync(blobs).sort()).toEqual(kept.sort());
});

test("a blob's file without a row goes after its grace", () => {
  using directory = tempDirectory();
  const blobs = join(directory.path, "blobs");
  openStore({ directory: directory.path })[Symbol.dispose]();
  const [young, old] = [digestOf("young"), digestOf("old")].map((digest) => `sha256-${digest.slice(7)}`);
  for (const name of [young!, old!]) writeFileSync(join(blobs, name), "x");
  utimesSync(join(blobs, old!), new Date(0), new Date(0));
  using _store = openStore({ directory: directory.path });
  expect(readdirSync(blobs)).toEqual([young!]);
});

describe("where Ollama uses the same directory", () => {
  /** A store of ours in which Ollama has a model of one old blob. */
  function sharedStore() {
    const directory = tempDirectory();
    openStore({ directory: directory.path })[Symbol.dispose]();
    const ollama = ollamaStore(directory.path);
    const config = ollama.blob(MEDIA.config, "{}");
    const layer = ollama.blob(MEDIA.model, "theirs");
    ollama.manifest("registry.ollama.ai/library/theirs/latest", renderManifest({ config, layers: [layer] }));
    for (const { digest } of [config, layer]) utimesSync(ollama.blobPath(digest), new Date(0), new Date(0));
    return { directory, ollama, isThere: () => existsSync(ollama.blobPath(layer.digest)) };
  }

  test("no blob of its models goes, at the start or with a model of ours that has it too", async () => {
    const { directory, isThere } = sharedStore();
    using _directory = directory;
    using store = openStore({ directory: directory.path });
    expect(isThere()).toBe(true);
    await commitTexts(store, nameOf("m"), { [MEDIA.model]: "theirs" });
    expect(store.remove(nameOf("m"))).toBe(true);
    expect(isThere()).toBe(true);
  });

  test("none goes at the start while a manifest cannot be read", () => {
    const { directory, ollama, isThere } = sharedStore();
    using _directory = directory;
    ollama.manifest("registry.ollama.ai/library/theirs/latest", "{");
    openStore({ directory: directory.path })[Symbol.dispose]();
    expect(isThere()).toBe(true);
    rmSync(join(directory.path, "manifests"), { recursive: true });
    openStore({ directory: directory.path })[Symbol.dispose]();
    expect(isThere()).toBe(false);
  });
});

test("unused uploads go while the server runs, but for those that a create is working with", async () => {
  using directory = tempDirectory();
  const clock = new FakeClock(Date.now());
  using store = openStore({ directory: directory.path, clock });
  const [unused, used] = [digestOf("unused"), digestOf("used")];
  await store.blobs.put(unused, chunks("unused"));
  await store.blobs.put(used, chunks("used"));
  const held = store.blobs.hold([used]);
  clock.advance(GRACE_MS + 1);
  clock.advance(GRACE_MS + 1);
  expect(existsSync(store.blobs.path(unused))).toBe(false);
  expect(store.blobs.size(used)).toBe(4);
  held[Symbol.dispose]();
  clock.advance(GRACE_MS);
  expect(store.blobs.size(used)).toBeUndefined();
});

test("a blob that a client has been told is there does not go with a model before its create has come", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  await commitTexts(store, nameOf("a"), { [MEDIA.model]: "weights" });
  const weights = digestOf("weights");
  expect(store.blobs.promise(weights)).toBe(true);
  store.remove(nameOf("a"));
  expect(store.blobs.size(weights)).toBe(7);
  await commitTexts(store, nameOf("b"), { [MEDIA.model]: "weights" });
  store.remove(nameOf("b"));
  expect(existsSync(store.blobs.path(weights))).toBe(false);
});

test.each([
  ["deleted", (path: string) => rmSync(path)],
  ["cut short", (path: string) => truncateSync(path, 3)],
])(
  "a model whose blob was %s is reported, not listed, and comes back with the blob",
  async (_how, damage) => {
    using directory = tempDirectory();
    {
      using store = openStore({ directory: directory.path });
      await commitTexts(store, nameOf("broken"), { [MEDIA.model]: "weights" });
      await commitTexts(store, nameOf("whole"), { [MEDIA.model]: "other weights" });
      damage(store.blobs.path(digestOf("weights")));
    }
    const { logger, lines } = warnings();
    using store = openStore({ directory: directory.path, logger });
    expect(lines.filter((line) => line.includes("library/broken:latest"))).toHaveLength(1);
    expect(store.reads.list().map((model) => model.model)).toEqual(["whole"]);
    expect(store.reads.isBroken(store.reads.find(nameOf("broken"))!.manifestDigest)).toBe(true);

    expect(await store.blobs.put(digestOf("weights"), chunks("weights"))).toBe("created");
    expect(store.reads.list()).toHaveLength(2);
  },
);

test("a blob that another program touched stays usable, with a warning", async () => {
  using directory = tempDirectory();
  {
    using store = openStore({ directory: directory.path });
    await commitTexts(store, nameOf("m"), { [MEDIA.model]: "weights" });
    utimesSync(store.blobs.path(digestOf("weights")), new Date(0), new Date(0));
  }
  const first = warnings();
  openStore({ directory: directory.path, logger: first.logger })[Symbol.dispose]();
  expect(first.lines).toHaveLength(1);
  const second = warnings();
  using store = openStore({ directory: directory.path, logger: second.logger });
  expect(second.lines).toHaveLength(0);
  expect(store.reads.list()).toHaveLength(1);
});
