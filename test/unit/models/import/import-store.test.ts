import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GRACE_MS } from "../../../../src/store/grace.ts";
import { MEDIA } from "../../../../src/store/media-type.ts";
import { type ImportFixture, imported, importFixture, TINY } from "../../../support/import-fixture.ts";
import { ollamaStore } from "../../../support/ollama-store.ts";
import { nameOf } from "../../../support/store-fixture.ts";

let source: ImportFixture;
let ollama: ImportFixture["ollama"];
let ours: ImportFixture["ours"];

beforeEach(() => {
  source = importFixture();
  ({ ollama, ours } = source);
});

afterEach(() => source[Symbol.dispose]());

const importAll: ImportFixture["importAll"] = (...args) => source.importAll(...args);

describe("a whole store", () => {
  test("becomes models with everything that their layers say", async () => {
    const digest = await ollama.model(TINY, [
      ollama.blob(MEDIA.template, "T {{ .Prompt }}"),
      ollama.blob(MEDIA.system, "You are tiny."),
      ollama.blob(MEDIA.params, '{"stop":["a"],"temperature":0.5}\n'),
      ollama.blob(MEDIA.messages, '[{"role":"user","content":"hi"}]\n'),
      ollama.blob(MEDIA.license, "MIT"),
    ]);
    await ollama.model("hf.co/someone/model.gguf/Q4_1");
    expect(await importAll()).toEqual([
      { status: "imported", model: "hf.co/someone/model.gguf:Q4_1" },
      { status: "imported", model: "tiny:latest" },
      imported(2, 0, 0),
    ]);
    expect(ours.catalog.resolve(nameOf("tiny"))).toMatchObject({
      manifestDigest: digest,
      architecture: "llama",
      trainedContext: 2048,
      template: "T {{ .Prompt }}",
      system: "You are tiny.",
      parameters: { stop: ["a"], temperature: 0.5 },
      messages: [{ role: "user", content: "hi" }],
    });
    expect(await ours.catalog.show(nameOf("tiny"), { verbose: false })).toMatchObject({ license: "MIT" });
    expect(ours.catalog.list()).toHaveLength(2);
  });

  test("stays as it is: only its blobs have one more link each", async () => {
    await ollama.model(TINY, [ollama.blob(MEDIA.system, "s")]);
    const before = ollama.snapshot();
    await importAll();
    ours.clock.advance(2 * GRACE_MS);
    for (const { digest } of ours.store.reads.parts(ours.store.reads.find(nameOf("tiny"))!.manifestDigest)) {
      ours.catalog.hasBlob(digest);
    }
    const linked = Object.entries(before).map(([path, state]) =>
      path.includes("/blobs/") ? [path, { ...state, links: state.links + 1 }] : [path, state],
    );
    expect(ollama.snapshot()).toEqual(Object.fromEntries(linked));
  });

  test("survives what becomes of the copy, and the other way round", async () => {
    await ollama.model(TINY);
    const before = ollama.snapshot();
    await importAll();
    await ours.catalog.remove(nameOf("tiny"));
    expect(ours.blobCount()).toBe(0);
    expect(ollama.snapshot()).toEqual(before);

    await importAll();
    rmSync(ollama.directory, { recursive: true });
    expect(ours.catalog.resolve(nameOf("tiny"))).toBeDefined();
  });

  test("a second time: it is there already, even for another spelling of the tag's name", async () => {
    await ollama.model(TINY);
    await importAll();
    await ollama.model("registry.ollama.ai/library/Tiny/latest");
    expect(await importAll()).toEqual([
      { status: "already there", model: "Tiny:latest" },
      { status: "already there", model: "tiny:latest" },
      imported(0, 2, 0),
    ]);
  });

  test("a manifest is kept byte for byte, unknown layers included", async () => {
    const config = ollama.blob(MEDIA.config, "{}");
    await ollama.model(TINY);
    const { digest, size } = ollama.blob("application/vnd.ollama.image.draft", "draft");
    const weights = ours.store.reads;
    const tiny = JSON.parse(await Bun.file(join(ollama.directory, "manifests", TINY)).text());
    const text = JSON.stringify(
      {
        layers: [...tiny.layers, { mediaType: "application/x-new", digest, size, more: 1 }],
        config,
        extra: [],
      },
      null,
      3,
    );
    ollama.manifest(TINY, text);
    await importAll();
    const row = weights.find(nameOf("tiny"));
    expect(row?.manifestDigest).toBe(new Bun.CryptoHasher("sha256").update(text).digest("hex"));
    expect(ours.catalog.hasBlob(digest)).toBe(true);
  });

  test("in our own directory", async () => {
    const own = ollamaStore(ours.directory);
    await own.model(TINY);
    const before = Object.fromEntries(
      Object.entries(own.snapshot()).filter(([path]) => /\/(blobs|manifests)\/./.test(path)),
    );
    const lines = ours.catalog.importStore(
      { path: own.directory, trust: false },
      new AbortController().signal,
    );
    expect(await Array.fromAsync(lines)).toEqual([
      { status: "imported", model: "tiny:latest" },
      imported(1, 0, 0),
    ]);
    const theirs = Object.entries(own.snapshot()).filter(([path]) => /\/(blobs|manifests)\/./.test(path));
    expect(Object.fromEntries(theirs)).toEqual(before);
    expect(ours.catalog.resolve(nameOf("tiny"))).toBeDefined();
  });
});

describe("links that lead out of the store", () => {
  const SECRET = "root:x:0:0";
  const skipped = async (reason: string): Promise<void> => {
    const lines = await importAll();
    expect(lines.at(-1)).toEqual(imported(0, 0, 1));
    expect(lines[0]).toEqual({ status: "skipped", model: "tiny:latest", reason });
    expect(ours.blobCount()).toBe(0);
  };
  const plant = async (): Promise<string> => {
    const elsewhere = join(source.path, "shadow");
    writeFileSync(elsewhere, SECRET);
    const digest = `sha256:${"1".repeat(64)}` as const;
    const layer = {
      mediaType: "application/vnd.ollama.image.embed",
      digest: digest as never,
      size: SECRET.length,
    };
    await ollama.model(TINY, [layer]);
    symlinkSync(elsewhere, ollama.blobPath(layer.digest));
    return digest;
  };

  test.each([false, true])("a blob, trusted or not (%p), of whatever kind", async (trust) => {
    const digest = await plant();
    const lines = await importAll(trust);
    const reason = `blob "${digest}" is a symbolic link, which is not followed`;
    expect(lines[0]).toEqual({ status: "skipped", model: "tiny:latest", reason });
    expect(ours.blobCount()).toBe(0);
  });

  test("a blob whose content the link's maker knows, too", async () => {
    const { digest } = ollama.blob(MEDIA.system, "linked");
    renameSync(ollama.blobPath(digest), join(source.path, "elsewhere"));
    symlinkSync(join(source.path, "elsewhere"), ollama.blobPath(digest));
    await ollama.model(TINY, [{ mediaType: MEDIA.system, digest, size: 6 }]);
    await skipped(`blob "${digest}" is a symbolic link, which is not followed`);
  });

  test("the directory of the blobs", async () => {
    await ollama.model(TINY);
    renameSync(join(ollama.directory, "blobs"), join(source.path, "blobs"));
    symlinkSync(join(source.path, "blobs"), join(ollama.directory, "blobs"));
    const lines = await importAll();
    expect(lines[0]).toMatchObject({
      status: "skipped",
      reason: expect.stringContaining("outside the store"),
    });
  });

  test("a manifest", async () => {
    writeFileSync(join(source.path, "secret"), "{");
    await ollama.model("registry.ollama.ai/library/other/latest");
    rmSync(join(ollama.directory, "manifests/registry.ollama.ai/library/other/latest"));
    symlinkSync(
      join(source.path, "secret"),
      join(ollama.directory, "manifests/registry.ollama.ai/library/other/latest"),
    );
    const lines = await importAll();
    expect(lines[0]).toMatchObject({ status: "skipped", model: "other:latest" });
    expect(JSON.stringify(lines)).toContain("symbolic link");
  });

  test("a directory on the way to the store is the user's own business", async () => {
    await ollama.model(TINY);
    symlinkSync(ollama.directory, join(source.path, "link"));
    const lines = ours.catalog.importStore(
      { path: join(source.path, "link"), trust: false },
      new AbortController().signal,
    );
    expect((await Array.fromAsync(lines)).at(-1)).toEqual(imported(1, 0, 0));
  });
});

test("what is hashed is noted, and what is trusted counts as unverified", async () => {
  const verifiedAt = () => {
    using db = new Database(join(ours.directory, "llamero.db"), { readonly: true });
    return db.query<{ v: number | null }, []>("select verified_at v from blobs").all();
  };
  await ollama.model(TINY);
  await importAll(true);
  expect(verifiedAt().every(({ v }) => v === null)).toBe(true);
  await ours.catalog.remove(nameOf("tiny"));
  await importAll();
  expect(verifiedAt().every(({ v }) => v === ours.clock.now())).toBe(true);
});

test("a model whose blob went missing here is made whole again", async () => {
  await ollama.model(TINY);
  await importAll();
  const weights = ours.catalog.resolve(nameOf("tiny"))!.weights;
  rmSync(weights.path);
  ours.catalog.hasBlob(weights.digest);
  expect(ours.catalog.resolve(nameOf("tiny"))).toBeUndefined();
  expect(await importAll()).toEqual([{ status: "imported", model: "tiny:latest" }, imported(1, 0, 0)]);
  expect(ours.catalog.resolve(nameOf("tiny"))).toBeDefined();
});

describe("refused", () => {
  test.each([["relative/path"], ["."]])("%s: the server has another working directory", async (path) => {
    const lines = ours.catalog.importStore({ path, trust: false }, new AbortController().signal);
    await expect(Array.fromAsync(lines)).rejects.toMatchObject({
      status: 400,
      message: "path must be absolute",
    });
  });

  test("a directory that is no store", async () => {
    const lines = ours.catalog.importStore({ path: source.path, trust: false }, new AbortController().signal);
    await expect(Array.fromAsync(lines)).rejects.toMatchObject({
      status: 400,
      message: `"${source.path}" is no Ollama store: there is no directory "manifests" in it`,
    });
  });
});

test("a client that leaves in the middle leaves nothing behind", async () => {
  const big = new Uint8Array(65 * 2 ** 20);
  await ollama.model(TINY, [ollama.blob("application/x-big", big)]);
  for await (const line of ours.catalog.importStore(
    { path: ollama.directory, trust: false },
    new AbortController().signal,
  )) {
    expect(line).toMatchObject({ status: "importing", model: "tiny:latest", total: big.byteLength });
    break;
  }
  expect(ours.blobCount()).toBe(0);
});

test("an abort ends it with the signal's reason", async () => {
  await ollama.model(TINY);
  const reason = new Error("enough");
  await expect(importAll(false, AbortSignal.abort(reason))).rejects.toBe(reason);
});
