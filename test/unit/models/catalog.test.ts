import { expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { fullName } from "../../../src/models/name.ts";
import { createTiny, openCatalog } from "../../support/catalog-fixture.ts";
import { nameOf } from "../../support/store-fixture.ts";
import { llamaMetadata, text, tinyGguf, uint32 } from "../../support/tiny-gguf.ts";

test("names match whole and without regard to case, and keep the spelling of their creation", async () => {
  using fixture = openCatalog();
  await createTiny(fixture, "Tiny");
  await fixture.create("TINY", { from: "tiny", system: "again" });
  expect(fixture.catalog.list().map((model) => model.shortName)).toEqual(["Tiny:latest"]);
  expect(fixture.catalog.resolve(nameOf("tINY", "LATEST"))?.fullName).toBe(
    "registry.ollama.ai/library/Tiny:latest",
  );
  // A namespace spelled `Foo` somewhere must not change how another name is spelled.
  fixture.catalog.copy(nameOf("tiny"), { ...nameOf("a"), namespace: "Foo" });
  fixture.catalog.copy(nameOf("tiny"), { ...nameOf("b"), namespace: "foo" });
  const b = fixture.catalog.resolve({ ...nameOf("b"), namespace: "foo" });
  expect(b && fullName(b.name)).toBe("registry.ollama.ai/foo/b:latest");
});

test("the list is newest first, with sizes, lengths and details", async () => {
  using fixture = openCatalog();
  await createTiny(fixture, "old");
  fixture.clock.advance(1000);
  await createTiny(fixture, "new", { template: "{{ .Prompt }} {{ .Suffix }} {{ .Tools }}" });
  fixture.clock.advance(1000);
  fixture.catalog.copy(nameOf("old"), nameOf("newest", "v1"));
  const list = fixture.catalog.list();
  expect(list.map((model) => model.shortName)).toEqual(["newest:v1", "new:latest", "old:latest"]);
  const weights = (await tinyGguf()).byteLength;
  expect(list[2]).toMatchObject({
    modifiedAt: fixture.clock.now() - 2000,
    details: { contextLength: 2048, embeddingLength: 64, quantizationLevel: "Q4_1" },
    capabilities: ["completion"],
  });
  expect(list[2]!.size).toBeGreaterThan(weights);
  expect(list[0]!.manifestDigest).toBe(list[2]!.manifestDigest);
  expect(list[1]!.capabilities).toEqual(["completion", "tools", "insert"]);
});

test("list and show agree on capabilities", async () => {
  using fixture = openCatalog();
  const jinja = "{% if tools %}{{ tools }}{% endif %}<think></think>";
  const digest = await fixture.upload(
    await tinyGguf(llamaMetadata({ "tokenizer.chat_template": text(jinja) })),
  );
  await fixture.create("m", { files: { "m.gguf": digest } });
  const report = await fixture.catalog.show(nameOf("m"), { verbose: false });
  expect(report?.capabilities).toEqual(["tools", "thinking", "completion"]);
  expect(report?.template).toBe(jinja);
  expect(fixture.catalog.list()[0]?.capabilities).toEqual(report!.capabilities);
  expect(fixture.catalog.resolve(nameOf("m"))).toMatchObject({
    chatTemplate: jinja,
    capabilities: report!.capabilities,
  });
});

test("an embedding model embeds and does not complete", async () => {
  using fixture = openCatalog();
  const digest = await fixture.upload(
    await tinyGguf(llamaMetadata({ "general.architecture": text("bert"), "bert.pooling_type": uint32(1) })),
  );
  await fixture.create("e", { files: { "e.gguf": digest } });
  expect(fixture.catalog.resolve(nameOf("e"))).toMatchObject({
    embeddingOnly: true,
    ranks: false,
    capabilities: ["embedding"],
  });
});

test("show reports the header without opening the GGUF, and with arrays when verbose", async () => {
  using fixture = openCatalog();
  await createTiny(fixture, "m", {
    system: "Be brief.",
    parameters: { temperature: 0.3, num_ctx: 1000000, stop: ["<|end|>", 'a"b\n'] },
    license: ["MIT"],
    requires: "0.14.0",
  });
  const quiet = (await fixture.catalog.show(nameOf("m"), { verbose: false }))!;
  expect(quiet).toMatchObject({
    license: "MIT",
    system: "Be brief.",
    template: "{{ .Prompt }}",
    requires: "0.14.0",
    modifiedAt: fixture.clock.now(),
    tensors: [{ name: "token_embd.weight", type: "F32", shape: [8, 4] }],
  });
  expect(quiet.details).not.toHaveProperty("contextLength");
  expect(quiet.parameters).toBe(
    [
      "num_ctx                        1000000",
      'stop                           "<|end|>"',
      'stop                           "a\\"b\\n"',
      "temperature                    0.3",
    ].join("\n"),
  );
  expect(JSON.stringify(quiet.modelInfo)).toBe(
    '{"general.architecture":"llama","general.big":12345678901234567890,"general.file_type":3,"general.parameter_count":32,"llama.context_length":2048,"llama.embedding_length":64,"llama.rope.freq_base":0.1,"tokenizer.ggml.tokens":null}',
  );
  const verbose = (await fixture.catalog.show(nameOf("m"), { verbose: true }))!;
  expect(verbose.modelInfo["tokenizer.ggml.tokens"]).toEqual(["<s>", "a"]);
  expect<unknown>({ ...verbose.modelInfo, "tokenizer.ggml.tokens": null }).toEqual(quiet.modelInfo);
});

test("a renderer and a parser are kept, shown and inherited, and the request's own go before them", async () => {
  using fixture = openCatalog();
  const named = async (model: string) => {
    const { renderer, parser, capabilities } = fixture.catalog.resolve(nameOf(model))!;
    const { modelfile } = (await fixture.catalog.show(nameOf(model), { verbose: false }))!;
    return {
      renderer,
      parser,
      capabilities,
      lines: [...(modelfile.match(/^(RENDERER|PARSER) .*$/gm) ?? [])],
    };
  };
  await createTiny(fixture, "m", { renderer: "qwen3.5", parser: "qwen3.5" });
  const base = { renderer: "qwen3.5", parser: "qwen3.5", lines: ["RENDERER qwen3.5", "PARSER qwen3.5"] };
  expect(await named("m")).toEqual({ ...base, capabilities: ["completion", "tools", "thinking"] });
  await fixture.create("n", { from: "m" });
  expect(await named("n")).toMatchObject(base);
  await fixture.create("o", { from: "m", renderer: "", parser: "ministral" });
  expect(await named("o")).toMatchObject({ renderer: "qwen3.5", parser: "ministral" });
  expect(fixture.catalog.list().map(({ capabilities }) => capabilities.includes("tools"))).toEqual([
    true,
    true,
    true,
  ]);
});

test.each([
  ["gemma4:e2b", "gemma4-small"],
  ["gemma4:31b-it", "gemma4-large"],
  ["me/of-26B:latest", "gemma4-large"],
  ["gemma4:latest", "gemma4-small"],
])("which Gemma 4 is %s: %s", async (model, renderer) => {
  using fixture = openCatalog();
  await createTiny(fixture, model, { renderer: "gemma4" });
  expect(fixture.catalog.resolve(nameOf(model))?.renderer).toBe(renderer);
  expect((await fixture.catalog.show(nameOf(model), { verbose: false }))?.modelfile).toContain(
    "RENDERER gemma4\n",
  );
});

test("overrides of show appear in the reply only", async () => {
  using fixture = openCatalog();
  await createTiny(fixture, "m", { system: "stored", parameters: { seed: 1 } });
  const report = (await fixture.catalog.show(nameOf("m"), {
    verbose: false,
    system: "asked",
    parameters: { seed: 2, top_k: 3 },
  }))!;
  expect(report.system).toBe("asked");
  expect(report.parameters).toBe("seed                           1");
  expect(report.modelfile).toContain("SYSTEM asked\nPARAMETER seed 2\nPARAMETER top_k 3\n");
  expect(fixture.catalog.resolve(nameOf("m"))).toMatchObject({ system: "stored", parameters: { seed: 1 } });
});

test("copying shares the manifest; onto itself it changes nothing", async () => {
  using fixture = openCatalog();
  await createTiny(fixture, "m");
  const before = fixture.catalog.list();
  fixture.clock.advance(1000);
  expect(fixture.catalog.copy(nameOf("m"), nameOf("M"))).toBe(true);
  expect(fixture.catalog.list()).toEqual(before);
  expect(fixture.catalog.copy(nameOf("nowhere"), nameOf("n"))).toBe(false);
  expect(fixture.catalog.copy(nameOf("m"), nameOf("n"))).toBe(true);
  expect(fixture.blobCount()).toBe(2);
});

test("removal deletes what nothing else uses, and a broken model can be removed", async () => {
  using fixture = openCatalog();
  await createTiny(fixture, "a", { system: "only a" });
  await createTiny(fixture, "b", { system: "only b" });
  expect(fixture.blobCount()).toBe(4);
  expect(await fixture.catalog.remove(nameOf("A"))).toBe(true);
  expect(fixture.blobCount()).toBe(3);
  expect(await fixture.catalog.remove(nameOf("a"))).toBe(false);

  rmSync(fixture.catalog.resolve(nameOf("b"))!.weights.path);
  expect(fixture.catalog.resolve(nameOf("b"))).toBeUndefined();
  expect(await fixture.catalog.show(nameOf("b"), { verbose: false })).toBeUndefined();
  expect(fixture.catalog.list()).toEqual([]);
  expect(await fixture.catalog.remove(nameOf("b"))).toBe(true);
  expect(fixture.blobCount()).toBe(0);
});
