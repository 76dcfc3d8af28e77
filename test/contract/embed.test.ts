import { describe, expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const bert = fakeModel("bert", { embeddingOnly: true, capabilities: ["embedding"] });

function ask(body: object, app = fakeApp([bert]), path = "/api/embed") {
  return app.send("POST", path, { model: "bert", ...body });
}

describe("POST /api/embed", () => {
  test("vectors of length 1, written as 32-bit floats are", async () => {
    const app = fakeApp([bert]);
    app.engine.vectorOf = () => new Float32Array([0.1, 0]);
    const reply = await ask({ input: ["a", "bc"] }, app);
    expect(await reply.text()).toBe(
      '{"model":"bert","embeddings":[[1,0],[1,0]],"total_duration":0,"load_duration":1000000,"prompt_eval_count":3}',
    );
    app.engine.vectorOf = () => new Float32Array([0.6, 0.8]);
    expect(await (await ask({ input: "a" }, app)).json()).toMatchObject({ embeddings: [[0.6, 0.8]] });
  });

  test.each([{}, { input: "" }, { input: [] }, { input: null }])("%j only loads the model", async (body) => {
    const app = fakeApp([bert]);
    expect(await (await ask(body, app)).text()).toBe('{"model":"bert","embeddings":[]}');
    expect(app.engine.acquired).toHaveLength(1);
  });

  test("dimensions cut the vector before it is scaled", async () => {
    const app = fakeApp([bert]);
    app.engine.vectorOf = () => new Float32Array([3, 4, 12]);
    expect(await (await ask({ input: "a", dimensions: 2 }, app)).json()).toMatchObject({
      embeddings: [[0.6, 0.8]],
    });
  });

  test.each([
    [{ input: 5 }, 400, "invalid input type"],
    [{ input: {} }, 400, "invalid input type"],
    [{ input: ["a", 1] }, 400, "invalid input type"],
    [{ model: "", input: "a" }, 404, "model '' not found"],
    [{ model: "a b", input: "a" }, 400, "invalid model name"],
    [{ model: "nope", input: "a" }, 404, 'model "nope" not found, try pulling it first'],
    [
      { input: "abcdef", truncate: false, options: { num_ctx: 4 } },
      400,
      "the input length exceeds the context length",
    ],
    [{ input: "ab", options: { num_ctx: 0 } }, 400, 'option "num_ctx" must be at least 1, not 0'],
    [{ input: "ab", options: { num_ctx: -5 } }, 400, 'option "num_ctx" must be at least 1, not -5'],
    [{ input: "a", options: { num_ctx: "4" } }, 400, 'option "num_ctx" must be of type integer'],
  ])("%j: %i %s", async (body, status, error) => {
    const reply = await ask(body);
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
  });

  test("NaN in a vector", async () => {
    const app = fakeApp([bert]);
    app.engine.vectorOf = () => new Float32Array([Number.NaN]);
    const reply = await ask({ input: "a" }, app);
    expect([reply.status, await reply.json()]).toEqual([
      400,
      { error: "embedding contains NaN or Inf values" },
    ]);
  });

  test("a cut input and an unknown field are told of", async () => {
    const reply = await ask({ input: "abcdef", options: { num_ctx: 4 }, foo: 1 });
    expect(reply.headers.get("warning")).toBe(
      '199 - "foo ignored: unknown field", 199 - "1 of 1 inputs cut to the context length of 4 tokens"',
    );
  });
});

describe("POST /api/embeddings", () => {
  const old = (body: object, app = fakeApp([bert])) => ask(body, app, "/api/embeddings");

  test("the vector as the model gives it, in 64-bit digits", async () => {
    const app = fakeApp([bert]);
    app.engine.vectorOf = () => new Float32Array([3, 0.1]);
    expect(await (await old({ prompt: "a" }, app)).text()).toBe('{"embedding":[3,0.10000000149011612]}');
  });

  test.each([{}, { prompt: "" }])("%j only loads the model", async (body) => {
    const app = fakeApp([bert]);
    expect(await (await old(body, app)).text()).toBe('{"embedding":[]}');
    expect(app.engine.acquired).toHaveLength(1);
  });

  test.each([
    [{ model: "" }, 400, "model is required"],
    [{ model: "a b" }, 400, "invalid model name"],
    [{ model: "nope" }, 404, 'model "nope" not found, try pulling it first'],
    [
      { prompt: 1 },
      400,
      "json: cannot unmarshal number into Go struct field EmbeddingRequest.prompt of type string",
    ],
  ])("%j: %i %s", async (body, status, error) => {
    const reply = await old({ prompt: "a", ...body });
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
  });
});
