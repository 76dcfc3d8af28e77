import { describe, expect, test } from "bun:test";
import type { ResidentModel } from "../../src/engine/port.ts";
import { loadSpecOf } from "../../src/inference/acquire.ts";
import { zonedTimestamp } from "../../src/lib/rfc3339.ts";
import { fakeApp, NOW } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const model = fakeModel("me/test:v1", { system: "be brief", capabilities: ["completion", "tools"] });
const modified_at = zonedTimestamp(Date.UTC(2026, 0, 2, 3, 4, 5));
const details = {
  parent_model: "",
  format: "gguf",
  family: "llama",
  families: ["llama"],
  parameter_size: "1M",
  quantization_level: "Q8_0",
};

describe("GET /api/tags", () => {
  test("none", async () => {
    const reply = await fakeApp([]).send("GET", "/api/tags");
    expect(reply.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await reply.text()).toBe('{"models":[]}');
  });

  test("one", async () => {
    expect(await (await fakeApp([model]).send("GET", "/api/tags")).json()).toEqual({
      models: [
        {
          name: "me/test:v1",
          model: "me/test:v1",
          modified_at,
          size: 1234,
          digest: model.manifestDigest,
          details: { ...details, context_length: 4096, embedding_length: 2 },
          capabilities: ["completion", "tools"],
        },
      ],
    });
  });
});

describe("GET /api/ps", () => {
  const resident = (facts: Partial<ResidentModel>): ResidentModel => ({
    spec: loadSpecOf(model, {}),
    state: "ready",
    expiresAt: NOW + 1000,
    memoryBytes: 1000,
    active: 0,
    waiting: 0,
    ...facts,
  });

  test("a draft model is loaded with its model, unless that never guesses", () => {
    const drafted = { ...model, draft: { path: "/draft.gguf", bytes: 7 } };
    expect(loadSpecOf(drafted, {}).draft).toEqual({ path: "/draft.gguf", bytes: 7 });
    expect(loadSpecOf({ ...drafted, parameters: { draft_num_predict: 0 } }, {}).draft).toBeUndefined();
  });

  test("none", async () => {
    expect(await (await fakeApp().send("GET", "/api/ps")).text()).toBe('{"models":[]}');
  });

  test("the one that stays longest first; what is being unloaded is not there", async () => {
    const app = fakeApp([model]);
    const ready = resident({
      info: { ...app.engine.info, sizeBytes: 10, sizeVramBytes: 5, contextLength: 512 },
    });
    const loading = resident({
      state: "loading",
      expiresAt: Number.POSITIVE_INFINITY,
      waiting: 2,
      step: "building vision",
    });
    app.engine.models = [ready, resident({ state: "unloading" }), loading];
    const frame = { name: "me/test:v1", model: "me/test:v1", digest: model.manifestDigest, details };
    expect(await (await app.send("GET", "/api/ps")).json()).toEqual({
      models: [
        {
          ...frame,
          size: 1000,
          expires_at: zonedTimestamp(NOW + 9_223_372_036_854),
          size_vram: 0,
          context_length: 0,
          loading: true,
          loading_step: "building vision",
          queued: 2,
        },
        {
          ...frame,
          size: 10,
          expires_at: zonedTimestamp(NOW + 1000),
          size_vram: 5,
          context_length: 512,
          slots: 1,
        },
      ],
    });
  });

  test("a loaded model that has been deleted", async () => {
    const app = fakeApp([]);
    app.engine.models = [resident({})];
    expect(await (await app.send("GET", "/api/ps")).json()).toMatchObject({
      models: [{ name: "me/test:v1", details: { family: "", families: null } }],
    });
  });
});

describe("POST /api/show", () => {
  const show = (body: object, app = fakeApp([model]), headers = {}) =>
    app.send("POST", "/api/show", body, headers);

  test.each([{ model: "me/test:v1" }, { name: "me/test:v1" }])("%j", async (body) => {
    expect(await (await show(body)).json()).toEqual({
      modelfile: "FROM x",
      template: model.template!,
      system: "be brief",
      details,
      model_info: { "general.architecture": "llama" },
      capabilities: ["completion", "tools"],
      modified_at,
    });
  });

  test("overrides reach the catalog", async () => {
    const app = fakeApp([model]);
    await show({ model: "me/test:v1", verbose: true, system: "s", options: { seed: 1 } }, app);
    expect(app.catalog.shown).toEqual([{ verbose: true, system: "s", parameters: { seed: 1 } }]);
  });

  test("options that are null or unknown are not shown", async () => {
    const app = fakeApp([model]);
    const reply = await show({ model: "me/test:v1", options: { seed: null, top_k: 7.9, mirostat: 1 } }, app);
    expect(app.catalog.shown).toEqual([{ verbose: false, parameters: { top_k: 7 } }]);
    expect(reply.headers.get("warning")).toContain("mirostat ignored");
  });

  test("Copilot sees the name that it asked for", async () => {
    const reply = await show({ model: "me/test:v1" }, undefined, { "user-agent": "GitHubCopilotChat/0.1" });
    expect(await reply.json()).toMatchObject({ model_info: { "general.basename": "me/test:v1" } });
  });

  test.each([
    [{}, 400, "model is required"],
    [{ model: " " }, 400, "model is required"],
    [{ model: "a b" }, 400, "invalid model name"],
    [{ model: "nope" }, 404, "model 'nope:latest' not found"],
    [{ model: "registry.ollama.ai/me/nope" }, 404, "model 'me/nope:latest' not found"],
    [
      { model: "x:cloud" },
      403,
      'ollama cloud is disabled: remote model details are unavailable ("x:cloud" is a cloud model: it runs on ollama.com only)',
    ],
    [{ model: "me/test:v1", options: { seed: "x" } }, 400, 'option "seed" must be of type integer'],
  ])("%j: %i %s", async (body, status, error) => {
    const reply = await show(body);
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
  });

  test("template is ignored, and the reply says so", async () => {
    const reply = await show({ model: "me/test:v1", template: "x" });
    expect(reply.headers.get("warning")).toContain("template ignored");
  });
});

describe("POST /api/copy", () => {
  const copy = (source: string, destination: string, app = fakeApp([model])) =>
    app.send("POST", "/api/copy", { source, destination });

  test("gives a further name", async () => {
    const app = fakeApp([model]);
    const reply = await copy("me/test:v1", "mine", app);
    expect([reply.status, await reply.text()]).toEqual([200, ""]);
    expect(app.catalog.list().map(({ shortName }) => shortName)).toEqual(["me/test:v1", "mine:latest"]);
  });

  test.each([
    ["a b", "x", 400, 'source "a b" is invalid'],
    ["", "x", 400, 'source "" is invalid'],
    ["me/test:v1", "a b", 400, 'destination "a b" is invalid'],
    ["nope", "x", 404, 'model "nope" not found'],
  ])("%j to %j: %i %s", async (source, destination, status, error) => {
    const reply = await copy(source, destination);
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
  });
});

test.each([
  ["POST", "/api/copy", { source: "me/test:v1", destination: "mine", force: true }],
  ["DELETE", "/api/delete", { model: "me/test:v1", force: true }],
])("%s %s names an unknown field in a warning", async (method, path, body) => {
  const app = fakeApp([model]);
  const reply = await app.send(method, path, body);
  expect([reply.status, reply.headers.get("warning")]).toEqual([200, '199 - "force ignored: unknown field"']);
  expect(app.log.join()).toContain("force ignored");
});

describe("DELETE /api/delete", () => {
  test.each([{ model: "me/test:v1" }, { name: "ME/test:v1" }])("%j", async (body) => {
    const app = fakeApp([model]);
    const reply = await app.send("DELETE", "/api/delete", body);
    expect([reply.status, await reply.text()]).toEqual([200, ""]);
    expect(app.catalog.models).toEqual([]);
  });

  test.each([
    [{}, 400, "model is required"],
    [{ model: "a b" }, 400, 'name "a b" is invalid'],
    [{ model: "nope" }, 404, "model 'nope' not found"],
    [{ model: "me/test:v1-cloud" }, 404, "model 'me/test:v1-cloud' not found"],
  ])("%j: %i %s", async (body, status, error) => {
    const app = fakeApp([model]);
    const reply = await app.send("DELETE", "/api/delete", body);
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
    expect(app.catalog.models).toHaveLength(1);
  });
});
