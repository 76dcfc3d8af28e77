import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { MEDIA } from "../../../src/store/media-type.ts";
import { type CatalogFixture, createTiny, openCatalog } from "../../support/catalog-fixture.ts";
import { digestOf, nameOf } from "../../support/store-fixture.ts";
import { llamaMetadata, text, tinyGguf, uint32 } from "../../support/tiny-gguf.ts";

const partsOf = ({ store }: CatalogFixture, model: string) =>
  store.reads.parts(store.reads.find(nameOf(model))!.manifestDigest);

test("a GGUF becomes a model, with the status lines in Ollama's order", async () => {
  using fixture = openCatalog();
  const gguf = await tinyGguf();
  const digest = await fixture.upload(gguf);
  const lines = await fixture.create("tiny", { files: { "sub/tiny.gguf": digest }, system: "Be brief." });
  expect(lines).toEqual([
    "parsing GGUF",
    `using existing layer ${digest}`,
    `creating new layer ${digestOf("Be brief.")}`,
    "writing manifest",
    "success",
  ]);
  expect(fixture.catalog.resolve(nameOf("tiny"))).toMatchObject({
    shortName: "tiny:latest",
    weights: { digest, bytes: gguf.byteLength },
    architecture: "llama",
    trainedContext: 2048,
    embeddingOnly: false,
    ranks: false,
    system: "Be brief.",
    capabilities: ["completion"],
    details: {
      format: "gguf",
      family: "llama",
      families: ["llama"],
      parameterSize: "32",
      quantizationLevel: "Q4_1",
      parentModel: "sub/tiny.gguf",
    },
  });
});

test("small blobs are byte for byte what Ollama writes", async () => {
  using fixture = openCatalog();
  const bare = await tinyGguf(new Map([["general.architecture", text("test")]]));
  const digest = await fixture.upload(bare);
  await fixture.create("bare", {
    files: { "test.gguf": digest },
    parameters: { temperature: 1, top_k: 10, stop: ["USER:", "ASSISTANT:"] },
    messages: [{ role: "user", content: "a < b" }],
    template: "{{ .Prompt }}",
  });
  const [config, , template, params, messages] = partsOf(fixture, "bare");
  const read = (part: typeof config) => readFileSync(fixture.store.blobs.path(part!.digest), "utf8");
  expect(read(config)).toBe(
    '{"model_format":"gguf","model_family":"test","model_families":["test"],"model_type":"32","file_type":"unknown","architecture":"amd64","os":"linux"}\n',
  );
  expect(read(template)).toBe("{{ .Prompt }}");
  expect(params!.digest).toStartWith("sha256:1d0ad712");
  expect(params!.digest).toEndWith("1e37");
  expect(read(messages)).toBe('[{"role":"user","content":"a \\u003c b"}]\n');
});

test("from shares the base's layers; parameters merge, texts replace, licenses add up", async () => {
  using fixture = openCatalog();
  await createTiny(fixture, "base", {
    template: "old {{ .Prompt }}",
    system: "old",
    license: ["A"],
    parameters: { top_k: 1, seed: 7 },
    messages: [{ role: "user", content: "old" }],
  });
  const lines = await fixture.create("derived", {
    from: "BASE",
    template: "new {{ .Prompt }}",
    system: "",
    license: ["B"],
    parameters: { top_k: 2 },
  });
  expect(lines.at(-1)).toBe("success");
  const model = fixture.catalog.resolve(nameOf("derived"))!;
  expect(model).toMatchObject({
    template: "new {{ .Prompt }}",
    system: "old",
    parameters: { top_k: 2, seed: 7 },
    messages: [{ role: "user", content: "old" }],
    details: { parentModel: "base:latest" },
  });
  expect(model.weights.digest).toBe(fixture.catalog.resolve(nameOf("base"))!.weights.digest);
  const report = await fixture.catalog.show(nameOf("derived"), { verbose: false });
  expect(report?.license).toBe("A\nB");
  expect(partsOf(fixture, "derived").filter((part) => part.mediaType === MEDIA.template)).toHaveLength(1);
});

test("overwriting a tag gives up the blobs that only it used", async () => {
  using fixture = openCatalog();
  await createTiny(fixture, "m", { system: "first" });
  await fixture.create("m", { from: "m", system: "second" });
  expect(fixture.store.blobs.size(digestOf("first"))).toBeUndefined();
  expect(fixture.catalog.resolve(nameOf("M"))?.system).toBe("second");
  // Weights, config, system.
  expect(fixture.blobCount()).toBe(3);
});

test("projector and adapter are told from the weights by their headers", async () => {
  using fixture = openCatalog();
  const weights = await fixture.upload(await tinyGguf());
  const projector = await fixture.upload(
    await tinyGguf(
      llamaMetadata({
        "general.architecture": text("clip"),
        "general.type": text("mmproj"),
        "clip.has_audio_encoder": { type: "bool", value: true },
        "clip.vision.block_count": { type: "uint32", value: 1 },
      }),
    ),
  );
  const adapter = await fixture.upload(await tinyGguf(llamaMetadata({ "general.type": text("adapter") })));
  await fixture.create("all", {
    files: { "mmproj.gguf": projector, "model.gguf": weights },
    adapters: { "lora.gguf": adapter },
  });
  expect(fixture.catalog.resolve(nameOf("all"))).toMatchObject({
    weights: { digest: weights },
    projector: { path: fixture.store.blobs.path(projector) },
    adapters: [{ digest: adapter }],
    // Without libmtmd the engine has no use for the projector.
    capabilities: ["completion"],
    missingSenses: ["vision", "audio"],
    details: { families: ["llama", "clip"] },
  });
  expect(fixture.catalog.list()[0]?.capabilities).toEqual(["completion"]);
});

test("parts of a split model are put together", async () => {
  using fixture = openCatalog();
  const part = async (number: number, tensors: number, name: string) => {
    const place = {
      "split.no": uint32(number),
      "split.count": uint32(2),
      "split.tensors.count": uint32(tensors),
    };
    return fixture.upload(await tinyGguf(llamaMetadata(place), name));
  };
  const files = {
    "m-00002-of-00002.gguf": await part(1, 2, "output.weight"),
    "m-00001-of-00002.gguf": await part(0, 2, "token_embd.weight"),
  };
  const lines = await fixture.create("m", { files });
  const { weights, details } = fixture.catalog.resolve(nameOf("m"))!;
  expect(lines).toEqual([
    "parsing GGUF",
    "parsing GGUF",
    "merging 2 parts",
    `creating new layer ${weights.digest}`,
    "writing manifest",
    "success",
  ]);
  expect(details).toMatchObject({ family: "llama", parameterSize: "64" });
});

test("deprecated parameters are stored, with a warning line", async () => {
  using fixture = openCatalog();
  const lines = await createTiny(fixture, "m", { parameters: { mirostat: 1 } });
  expect(lines).toContain("warning: parameter mirostat is deprecated");
  expect(fixture.catalog.resolve(nameOf("m"))?.parameters).toEqual({ mirostat: 1 });
});

const SOME = digestOf("some");

test.each([
  [{}, 400, "neither 'from' or 'files' was specified"],
  [{ from: "" }, 400, "neither 'from' or 'files' was specified"],
  [{ files: {} }, 400, "no files provided to convert"],
  [{ from: "a/b/c/d:e@f" }, 400, "invalid model name"],
  [{ from: "Nowhere" }, 404, "model 'Nowhere' not found"],
  [{ files: { "/etc/x.gguf": SOME } }, 400, "file path must be relative"],
  [{ files: { "a/../../x.gguf": SOME } }, 400, "file path must be relative"],
  [{ files: { "C:\\x.gguf": SOME } }, 400, "file path must be relative"],
  [{ files: { "x.gguf": SOME } }, 400, `blob "${SOME}" not found`],
  [{ files: { "model.safetensors": SOME } }, 400, `blob "${SOME}" not found`],
  [
    { from: "base", adapters: { "adapter_model.safetensors": SOME } },
    400,
    /^adapters in safetensors are not supported/,
  ],
  [{ from: "base", parameters: { temprature: 1 } }, 400, "unknown parameter 'temprature'"],
  [{ from: "base", parameters: { num_ctx: 0 } }, 400, 'option "num_ctx" must be at least 1, not 0'],
  [{ from: "base", parameters: { num_ctx: "4096" } }, 400, 'option "num_ctx" must be of type integer'],
  [{ from: "base", parameters: { temperature: true } }, 400, 'option "temperature" must be of type float32'],
  [{ from: "base", parameters: { use_mmap: 1 } }, 400, 'option "use_mmap" must be of type boolean'],
  [{ from: "base", parameters: { stop: "x" } }, 400, 'option "stop" must be of type array'],
  [{ from: "base", parameters: { stop: [1] } }, 400, 'option "stop" must be of an array of strings'],
  [{ from: "base", template: "{{ bad" }, 400, "template error: template: :1: bad"],
  [
    { from: "base", adapters: { "a.gguf": SOME, "b.gguf": SOME } },
    400,
    "only one adapter is currently supported",
  ],
  [
    { from: "base", quantize: "q4_0" },
    400,
    "unsupported quantization type Q4_0 - supported types are F32, F16, Q4_K_S, Q4_K_M, Q8_0",
  ],
  [{ from: "base", quantize: "Q8_0" }, 400, "quantization is only supported for F16, BF16 and F32 models"],
  [{ from: "base", renderer: "qwen3" }, 400, /^unknown renderer "qwen3"; there are .*qwen3-coder/],
  [{ from: "base", parser: "constructor" }, 400, /^unknown parser "constructor"; there are .*qwen3-coder/],
  [{ remoteHost: "ollama.com" }, 400, /^remote_host is not supported/],
  [{ from: "base", draftFiles: { "d.gguf": SOME } }, 400, /^blob ".*" not found$/],
  [{ from: "base", draftFiles: {} }, 400, "no files provided to convert"],
  [{ from: "base", draftFiles: { "../d.gguf": SOME } }, 400, "file path must be relative"],
  [{ from: "base", draft: "none" }, 404, "model 'none' not found"],
])("create with %j is refused with %i", async (request, status, message) => {
  using fixture = openCatalog();
  await createTiny(fixture, "base");
  const blobs = fixture.blobCount();
  const error = await fixture.create("m", request).catch((thrown) => thrown);
  expect(error.message).toMatch(
    message instanceof RegExp ? message : new RegExp(`^${RegExp.escape(message)}$`),
  );
  expect(error.status).toBe(status);
  expect(fixture.catalog.resolve(nameOf("m"))).toBeUndefined();
  expect(fixture.blobCount()).toBe(blobs);
});

test("files of the wrong kind are refused", async () => {
  using fixture = openCatalog();
  const model = await fixture.upload(await tinyGguf());
  const other = await fixture.upload(await tinyGguf(llamaMetadata({ "general.name": text("other") })));
  const garbage = await fixture.upload("no GGUF");
  const broken = await fixture.upload((await tinyGguf()).slice(0, 200));
  const split = await fixture.upload(
    await tinyGguf(llamaMetadata({ "split.count": uint32(2), "split.no": uint32(0) })),
  );
  const foreign = await fixture.upload(
    await tinyGguf(llamaMetadata({ "general.architecture": text("gemma"), "general.type": text("adapter") })),
  );
  const refusal = (request: Parameters<typeof fixture.create>[1]) =>
    fixture.create("m", request).then(
      () => "accepted",
      (error) => `${error.status} ${error.message}`,
    );
  expect(await refusal({ files: { "a.gguf": garbage } })).toBe(
    '400 supplied file was not in GGUF format ("a.gguf")',
  );
  expect(await refusal({ files: { "a.gguf": broken } })).toMatch(/^400 invalid GGUF: .* \("a\.gguf"\)$/);
  expect(await refusal({ files: { "a.gguf": model, "b.gguf": other } })).toStartWith("400 more than one");
  expect(await refusal({ files: { "a.gguf": foreign } })).toStartWith("400 none of the files is a model");
  expect(await refusal({ files: { "a.gguf": split } })).toBe("400 there are 1 parts of a model that has 2");
  expect(await refusal({ files: { "a.gguf": model }, adapters: { "b.gguf": split } })).toBe(
    '400 "b.gguf" is one of 2 parts of an adapter',
  );
  expect(await refusal({ files: { "a.gguf": model }, adapters: { "b.gguf": other } })).toBe(
    '400 "b.gguf" is not an adapter',
  );
  expect(await refusal({ files: { "a.gguf": model }, adapters: { "b.gguf": foreign } })).toBe(
    '400 "b.gguf" is an adapter for "gemma", and the model is "llama"',
  );
  expect(fixture.catalog.list()).toEqual([]);
});

test("a create that is left or cancelled before its end leaves nothing", async () => {
  using fixture = openCatalog();
  const files = { "tiny.gguf": await fixture.upload(await tinyGguf()) };
  const request = { name: nameOf("m"), files, system: "never stored" };
  for await (const { status } of fixture.catalog.create(request, new AbortController().signal)) {
    if (status === "writing manifest") break;
  }
  const aborted = Array.fromAsync(fixture.catalog.create(request, AbortSignal.abort()));
  await expect(aborted).rejects.toThrow();
  expect(fixture.catalog.list()).toEqual([]);
  expect(fixture.blobCount()).toBe(1);
});
