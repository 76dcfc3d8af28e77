import { describe, expect, test } from "bun:test";
import { badRequest } from "../../src/lib/errors.ts";
import { fakeApp, linesOf } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const digest = `sha256:${"a".repeat(64)}`;
const ask = (body: object, app = fakeApp()) =>
  app.send("POST", "/api/create", { model: "mine", from: "test", ...body });

test("streams progress", async () => {
  const reply = await ask({});
  expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
  expect(await linesOf(reply)).toEqual([{ status: "writing manifest" }, { status: "success" }]);
});

test("without stream: the last line alone", async () => {
  const reply = await ask({ stream: false });
  expect([reply.headers.get("content-type"), await reply.text()]).toEqual([
    "application/json",
    '{"status":"success"}',
  ]);
});

test("what the catalog is asked", async () => {
  const app = fakeApp();
  await (
    await ask(
      {
        from: undefined,
        name: "ignored",
        files: { "a/model.gguf": digest },
        adapters: { "lora.gguf": digest },
        template: "t",
        system: "s",
        license: ["l", ""],
        parameters: { stop: ["a"] },
        messages: [{ role: "USER", content: "m" }],
        requires: "0.1.0",
        quantization: "q4_K_M",
        renderer: "r",
        parser: "p",
        remote_host: "h",
        draft: "small",
        draft_files: { "d.gguf": digest },
        draft_quantize: "q8_0",
      },
      app,
    )
  ).text();
  expect(app.catalog.created).toEqual([
    {
      name: fakeModel("mine").name,
      files: { "a/model.gguf": digest },
      adapters: { "lora.gguf": digest },
      template: "t",
      system: "s",
      license: ["l"],
      parameters: { stop: ["a"] },
      messages: [{ role: "user", content: "m" }],
      requires: "0.1.0",
      quantize: "q4_K_M",
      renderer: "r",
      parser: "p",
      remoteHost: "h",
      draft: "small",
      draftFiles: { "d.gguf": digest },
      draftQuantize: "q8_0",
    },
  ] as unknown as typeof app.catalog.created);
});

test("a licence may be one text, and an empty system leaves the inherited one", async () => {
  const app = fakeApp();
  await (await ask({ license: "l", system: "" }, app)).text();
  expect(app.catalog.created[0]).toEqual({ name: fakeModel("mine").name, from: "test", license: ["l"] });
});

describe("refused before anything is done", () => {
  const noSource = { from: undefined };
  test.each([
    [{ model: "" }, "invalid model name"],
    [{ model: "a b" }, "invalid model name"],
    [{ ...noSource }, "neither 'from' or 'files' was specified"],
    [
      { ...noSource, modelfile: "FROM test" },
      "neither 'from' or 'files' was specified: 'modelfile' is no longer read",
    ],
    [{ ...noSource, files: {} }, "neither 'from' or 'files' was specified"],
    [{ files: { "/etc/x": digest } }, "file path must be relative"],
    [{ files: { "../x": digest } }, "file path must be relative"],
    [{ files: { "a/./x": digest } }, "file path must be relative"],
    [{ files: { "C:\\x": digest } }, "file path must be relative"],
    [{ files: { x: "" } }, "invalid digest format"],
    [{ files: { x: "sha256:../../x" } }, "invalid digest format"],
    [{ adapters: { x: "" } }, "invalid digest format"],
    [{ draft_files: { x: "" } }, "invalid digest format"],
    [{ draft_quantize: "q8_0" }, "--draft-quantize requires a DRAFT model"],
    [{ license: 5 }, "license must be a string or an array of strings"],
    [{ info: { model_family: 1 } }, 'info field "model_family" must be a string'],
    [{ info: { context_length: "x" } }, 'info field "context_length" must be a number'],
    [{ info: { context_length: -1 } }, 'info field "context_length" must be a non-negative integer'],
    [{ info: { embedding_length: 1.5 } }, 'info field "embedding_length" must be a non-negative integer'],
  ])("%j", async (body, error) => {
    const app = fakeApp();
    const reply = await ask(body, app);
    expect([reply.status, await reply.json()]).toEqual([400, { error }]);
    expect(app.catalog.created).toEqual([]);
  });
});

describe("the catalog fails", () => {
  test("at once: with its status", async () => {
    const app = fakeApp();
    app.catalog.progress = [];
    app.catalog.createError = badRequest("supplied file was not in GGUF format");
    for (const stream of [true, false]) {
      const reply = await ask({ stream }, app);
      expect([reply.status, await reply.json()]).toEqual([
        400,
        { error: "supplied file was not in GGUF format" },
      ]);
    }
  });

  test("later: in the last line", async () => {
    const app = fakeApp();
    app.catalog.createError = badRequest("unknown type");
    expect(await linesOf(await ask({}, app))).toEqual([
      { status: "writing manifest" },
      { error: "unknown type" },
    ]);
  });
});
