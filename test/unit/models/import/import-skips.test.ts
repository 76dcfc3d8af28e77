import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderManifest } from "../../../../src/store/manifest.ts";
import { MEDIA } from "../../../../src/store/media-type.ts";
import { createTiny } from "../../../support/catalog-fixture.ts";
import { type ImportFixture, imported, importFixture, TINY } from "../../../support/import-fixture.ts";
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

describe("what cannot be imported is named, and the rest goes on", () => {
  /** Imports a store with `tiny`, which is all right, and `bad`. @returns what is said of `bad`. */
  async function reasonFor(spoil: () => unknown): Promise<string> {
    await ollama.model(TINY);
    await spoil();
    const lines = await importAll();
    expect(lines.at(-1)).toEqual(imported(1, 0, 1));
    expect(lines).toContainEqual({ status: "imported", model: "tiny:latest" });
    expect(ours.catalog.resolve(nameOf("bad"))).toBeUndefined();
    const skipped = lines.find((line) => line.status === "skipped");
    expect(skipped?.model).toBe("bad:latest");
    return skipped?.status === "skipped" ? skipped.reason : "";
  }
  const BAD = "registry.ollama.ai/library/bad/latest";
  const system = () => ollama.blob(MEDIA.system, "of bad");

  test.each([
    ["no JSON", "{", "invalid manifest: it is not JSON"],
    ["an empty file", "", "invalid manifest: it is not JSON"],
    ["no layers", "{}", "invalid manifest: it has no list of layers"],
  ])("a manifest that is %s", async (_, bytes, reason) => {
    expect(await reasonFor(() => ollama.manifest(BAD, bytes))).toBe(reason);
  });

  test("no weights, as of a model that runs in the cloud", async () => {
    const config = () => ollama.blob(MEDIA.config, '{"remote_host":"https://x"}');
    const manifest = () => renderManifest({ config: config(), layers: [] });
    expect(await reasonFor(() => ollama.manifest(BAD, manifest()))).toBe(
      '"bad:latest" is a cloud model: it runs on ollama.com only',
    );
  });

  test("a missing blob", async () => {
    const layer = system();
    const reason = await reasonFor(async () => {
      await ollama.model(BAD, [layer]);
      rmSync(ollama.blobPath(layer.digest));
    });
    expect(reason).toBe(`blob "${layer.digest}" is missing`);
  });

  test("a blob of another length", async () => {
    const reason = await reasonFor(async () => {
      await ollama.model(BAD, [system()]);
      truncateSync(ollama.blobPath(system().digest), 3);
    });
    expect(reason).toBe(`blob "${system().digest}" has not the size that the manifest says`);
  });

  test("a text of other content, without --verify too", async () => {
    const reason = await reasonFor(async () => {
      await ollama.model(BAD, [system()]);
      writeFileSync(ollama.blobPath(system().digest), "of BAD");
    });
    expect(reason).toBe(`blob "${system().digest}" is corrupt: its content has another digest`);
  });

  test("parameters that are none", async () => {
    const reason = await reasonFor(() => ollama.model(BAD, [ollama.blob(MEDIA.params, "[1]")]));
    expect(reason).toBe("the stored parameters are not a JSON object");
  });

  test("weights that are no GGUF", async () => {
    const layers = () => [ollama.blob(MEDIA.model, "GGML...")];
    const manifest = () => renderManifest({ config: ollama.blob(MEDIA.config, "{}"), layers: layers() });
    expect(await reasonFor(() => ollama.manifest(BAD, manifest()))).toBe(
      "supplied file was not in GGUF format",
    );
  });

  test("a blob of other content", async () => {
    const projector = () => ollama.blob("application/vnd.ollama.image.draft", "draft model");
    const spoil = async () => {
      await ollama.model(BAD, [projector()]);
      writeFileSync(ollama.blobPath(projector().digest), "DRAFT MODEL");
    };
    expect(await reasonFor(spoil)).toBe(
      `blob "${projector().digest}" is corrupt: its content has another digest`,
    );
  });

  test("a directory where a blob should be", async () => {
    const layer = system();
    const reason = await reasonFor(async () => {
      await ollama.model(BAD, [layer]);
      rmSync(ollama.blobPath(layer.digest));
      mkdirSync(ollama.blobPath(layer.digest));
    });
    expect(reason).toBe(`blob "${layer.digest}" is not a file`);
  });

  test("another model of that name: ours stays", async () => {
    await createTiny(ours, "tiny", { system: "mine" });
    await ollama.model(TINY);
    expect((await importAll()).map(({ status }) => status)).toEqual(["skipped", "done"]);
    expect(ours.catalog.resolve(nameOf("tiny"))?.system).toBe("mine");
  });

  test("files that are no manifests; hidden ones are nobody's business", async () => {
    ollama.manifest("registry.ollama.ai/library/tiny", "x");
    ollama.manifest("registry.ollama.ai/library/.DS_Store", "x");
    expect(await importAll()).toEqual([
      {
        status: "skipped",
        model: "registry.ollama.ai/library/tiny",
        reason: "no manifest belongs there: the path is no model's name",
      },
      imported(0, 0, 1),
    ]);
  });

  test("nothing is left of them", async () => {
    const layer = system();
    await ollama.model(BAD, [layer]);
    rmSync(ollama.blobPath(layer.digest));
    await importAll();
    expect(ours.blobCount()).toBe(0);
    expect(ollama.snapshot()[ollama.blobPath((await tinyLayer()).digest)]?.links).toBe(1);
  });

  async function tinyLayer() {
    const text = await Bun.file(join(ollama.directory, "manifests", BAD)).text();
    return JSON.parse(text).layers[0];
  }
});
