/** Embeddings, models, and what matches no route below /v1. */
import { describe, expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const full = { type: "invalid_request_error", code: null };

describe("embeddings", () => {
  const embed = (body: object, app = fakeApp()) =>
    app.send("POST", "/v1/embeddings", { model: "test", input: "hi", ...body });
  const withVectors = () => {
    const app = fakeApp();
    app.engine.vectorOf = (tokens) => new Float32Array([3 * tokens.length, 4 * tokens.length]);
    return app;
  };

  test("numbers", async () => {
    const reply = await embed({ input: ["hi", ""] }, withVectors());
    expect([reply.status, await reply.json()]).toEqual([400, expect.anything()]);
    expect<unknown>(await (await embed({ input: ["hi", "you"] }, withVectors())).json()).toEqual({
      object: "list",
      data: [
        { object: "embedding", index: 0, embedding: [0.6, 0.8] },
        { object: "embedding", index: 1, embedding: [0.6, 0.8] },
      ],
      model: "test",
      usage: { prompt_tokens: 5, total_tokens: 5 },
    });
  });

  test("base64 is little-endian floats", async () => {
    const { data } = (await (await embed({ encoding_format: "BASE64" }, withVectors())).json()) as {
      data: { embedding: string }[];
    };
    const bytes = Buffer.from(data[0]!.embedding, "base64");
    expect([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.length]).toEqual([
      Math.fround(0.6),
      Math.fround(0.8),
      8,
    ]);
  });

  test("tokens go to the model as they are", async () => {
    const app = withVectors();
    await embed({ input: [1, 2, 3] }, app);
    await embed({ input: [[1], [2, 3]] }, app);
    expect(app.engine.embedded).toEqual([[[1, 2, 3]], [[1], [2, 3]]]);
  });

  test("dimensions cut and scale again", async () => {
    const { data } = (await (await embed({ dimensions: 1 }, withVectors())).json()) as {
      data: { embedding: number[] }[];
    };
    expect(data[0]!.embedding).toEqual([1]);
  });

  test.each([
    [{ input: null }, "input", "invalid input"],
    [{ input: [] }, "input", "invalid input"],
    [{ input: 5 }, "input", "invalid input type"],
    [{ input: ["a", 5] }, "input", "invalid input type"],
    [{ input: [0x110000] }, null, "input contains 1114112, which is no token of this model"],
    [{ dimensions: 0 }, "dimensions", "dimensions must be a positive integer"],
    [{ dimensions: 3 }, "dimensions", "dimensions must be at most 2 with this model"],
    [
      { encoding_format: "hex" },
      "encoding_format",
      "Invalid value for 'encoding_format' = hex. Supported values: ['float', 'base64'].",
    ],
  ])("refused: %j", async (body, param, message) => {
    const reply = await embed(body, withVectors());
    expect([reply.status, await reply.json()]).toEqual([400, { error: { message, param, ...full } }]);
  });
});

describe("models", () => {
  const app = fakeApp([fakeModel("test"), fakeModel("me/other:7b")]);
  const created = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;
  const model = (id: string, owned_by: string) => ({ id, object: "model", created, owned_by });

  test("all", async () => {
    expect<unknown>(await (await app.send("GET", "/v1/models")).json()).toEqual({
      object: "list",
      data: [model("test:latest", "library"), model("me/other:7b", "me")],
    });
    expect<unknown>(await (await fakeApp([]).send("GET", "/v1/models")).json()).toEqual({
      object: "list",
      data: [],
    });
  });

  test.each([
    ["test", model("test", "library")],
    ["me/other:7b", model("me/other:7b", "me")],
    ["me%2Fother%3A7b", model("me/other:7b", "me")],
  ])("%s", async (name, expected) => {
    const reply = await app.send("GET", `/v1/models/${name}`);
    expect<unknown>([reply.status, await reply.json()]).toEqual([200, expected]);
  });

  test.each([
    ["zz", 404, "not_found_error", "model 'zz:latest' not found"],
    ["a%20b", 400, "invalid_request_error", "invalid model name"],
  ])("%s", async (name, status, type, message) => {
    const reply = await app.send("GET", `/v1/models/${name}`);
    expect([reply.status, await reply.json()]).toEqual([
      status,
      { error: { message, type, param: null, code: null } },
    ]);
  });
});

test.each([
  ["GET", "/v1/files", 404, "not_found_error", "unknown path: GET /v1/files", null],
  ["GET", "/v1/chat/completions", 405, "api_error", "method not allowed: GET /v1/chat/completions", "POST"],
  ["DELETE", "/v1/models/x", 405, "api_error", "method not allowed: DELETE /v1/models/x", "GET, HEAD"],
])("%s %s has no route", async (method, path, status, type, message, allow) => {
  const reply = await fakeApp().send(method, path);
  expect([reply.status, reply.headers.get("allow"), await reply.json()]).toEqual([
    status,
    allow,
    { error: { message, type, param: null, code: null } },
  ]);
});
