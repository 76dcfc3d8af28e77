import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { basename, join } from "node:path";
import { AppError } from "../../../src/lib/errors.ts";
import type { OpenTemp } from "../../../src/store/blob-files.ts";
import { GRACE_MS } from "../../../src/store/grace.ts";
import { openStore } from "../../../src/store/store.ts";
import { chunks, digestOf, manualClock, tempDirectory } from "../../support/store-fixture.ts";

const filesIn = (directory: string) => readdirSync(join(directory, "blobs"));

test("a blob is stored under its digest, byte for byte", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const digest = digestOf("hello world");

  expect(store.blobs.claim(digest)).toBe(false);
  expect(await store.blobs.put(digest, chunks("hello", " ", "world"))).toBe("created");

  expect(store.blobs.claim(digest)).toBe(true);
  expect(store.blobs.size(digest)).toBe(11);
  expect(readFileSync(store.blobs.path(digest), "utf8")).toBe("hello world");
  expect(filesIn(directory.path)).toEqual([`sha256-${digest.slice(7)}`]);
});

test("an existing blob's body is not read", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const digest = digestOf("x");
  await store.blobs.put(digest, chunks("x"));
  const unreadable = {
    [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
      throw new Error("the body was read");
    },
  };
  expect(await store.blobs.put(digest, unreadable)).toBe("exists");
});

test("content of another digest is refused and not kept", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const want = digestOf("right");
  const got = digestOf("wrong");
  const attempt = store.blobs.put(want, chunks("wrong"));
  await expect(attempt).rejects.toMatchObject({
    status: 400,
    message: `digest mismatch, expected "${want}", got "${got}"`,
  });
  expect(filesIn(directory.path)).toEqual([]);
  expect(store.blobs.claim(got)).toBe(false);
});

test("a body that breaks off leaves nothing", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield* chunks("half");
    throw new Error("connection reset");
  }
  const attempt = store.blobs.put(digestOf("half and half"), broken());
  await expect(attempt).rejects.toThrow("connection reset");
  expect(filesIn(directory.path)).toEqual([]);
});

test("two uploads of one blob at once both succeed, and one file remains", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const digest = digestOf("abcdef");
  const gate = Promise.withResolvers<void>();
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield* chunks("abc");
    await gate.promise;
    yield* chunks("def");
  }
  const first = store.blobs.put(digest, slow());
  const second = store.blobs.put(digest, chunks("abcdef"));
  expect(await second).toBe("created");
  gate.resolve();
  expect(await first).toBe("exists");
  expect(filesIn(directory.path)).toEqual([`sha256-${digest.slice(7)}`]);
});

test("a full disk is a clear error, and the temporary file goes", async () => {
  using directory = tempDirectory();
  const fullDisk: OpenTemp = async (path) => {
    await Bun.write(path, "");
    return {
      write: async () => {
        throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      },
      sync: async () => {},
      close: async () => {},
    };
  };
  using store = openStore({ directory: directory.path, openTemp: fullDisk });
  const error = await store.blobs.put(digestOf("x"), chunks("x")).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ kind: "no_space", status: 507 });
  expect(error.message).toContain(`("${directory.path}/blobs"); nothing was kept`);
  expect(filesIn(directory.path)).toEqual([]);
});

test("a blob whose file was deleted is not there, and can be uploaded again", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const digest = digestOf("x");
  await store.blobs.put(digest, chunks("x"));
  rmSync(store.blobs.path(digest));
  expect(store.blobs.claim(digest)).toBe(false);
  expect(await store.blobs.put(digest, chunks("x"))).toBe("created");
  expect(existsSync(store.blobs.path(digest))).toBe(true);
  expect(store.blobs.claim(digest)).toBe(true);
});

test("claiming an old blob makes it young again", async () => {
  using directory = tempDirectory();
  const clock = manualClock();
  using store = openStore({ directory: directory.path, clock });
  const digest = digestOf("x");
  await store.blobs.put(digest, chunks("x"));
  const before = new Date(clock.now() - GRACE_MS);
  utimesSync(store.blobs.path(digest), before, before);

  clock.advance(GRACE_MS);
  store.blobs.claim(digest);
  expect(statSync(store.blobs.path(digest)).mtimeMs).toBeCloseTo(clock.now(), -1);
});

test("a file that somebody else writes is hashed and can be committed", async () => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const content = new Uint8Array(3 * 2 ** 20).fill(7);
  const staged = await store.blobs.stageFile(
    async (path) => void (await Bun.write(path, content)),
    new AbortController().signal,
  );
  expect(staged).toMatchObject({ digest: digestOf(content), size: content.byteLength });
  expect(filesIn(directory.path)).toEqual([basename(staged.path)]);
  store.blobs.discard([staged]);
  expect(filesIn(directory.path)).toEqual([]);
});

test.each([
  ["its writer fails", () => Promise.reject(new Error("no")), "no"],
  [
    "the disk is full",
    () => Promise.reject(Object.assign(new Error("x"), { code: "ENOSPC" })),
    "no space left",
  ],
  ["it is aborted", async (_: string, abort: () => void) => abort(), "abort"],
])("such a file leaves nothing when %s", async (_, fill, message) => {
  using directory = tempDirectory();
  using store = openStore({ directory: directory.path });
  const controller = new AbortController();
  const attempt = store.blobs.stageFile(async (path) => {
    await Bun.write(path, "half");
    await fill(path, () => controller.abort());
  }, controller.signal);
  await expect(attempt).rejects.toThrow(message);
  expect(filesIn(directory.path)).toEqual([]);
});
