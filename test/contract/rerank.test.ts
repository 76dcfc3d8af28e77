import { describe, expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const ranker = fakeModel("ranker", { embeddingOnly: true, ranks: true, capabilities: ["rerank"] });

/** Its score grows with the document's length: 8 letters are a logit of 0. */
function rankingApp() {
  const app = fakeApp([ranker, fakeModel("test")]);
  app.engine.info = {
    ...app.engine.info,
    ranking: { pair: [1, "{query}", 2, "{document}", 2], scores: "logit" },
  };
  app.engine.vectorOf = (tokens) => new Float32Array([tokens.length - 12]);
  return app;
}

function ask(body: object, app = rankingApp(), path = "/api/rerank") {
  return app.send("POST", path, { model: "ranker", query: "q", ...body });
}

const resultsOf = async (reply: Response) => ((await reply.json()) as { results: unknown }).results;

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

describe("POST /api/rerank", () => {
  test("all documents, the best first, equal ones in their order", async () => {
    const reply = await ask({ documents: ["a", "abcdefgh", { text: "b" }] });
    expect([reply.status, await reply.text()]).toEqual([
      200,
      `{"model":"ranker","results":[{"index":1,"relevance_score":0.5,"document":"abcdefgh"},{"index":0,"relevance_score":${sigmoid(-7)},"document":"a"},{"index":2,"relevance_score":${sigmoid(-7)},"document":{"text":"b"}}],"total_duration":0,"load_duration":1000000,"prompt_eval_count":22}`,
    ]);
    expect(reply.headers.get("warning")).toBeNull();
  });

  test("query and document go to the model as it wants them, control tokens in them as text", async () => {
    const app = rankingApp();
    await ask({ query: "{document}", documents: ["$&"] }, app);
    const codes = (text: string) => Array.from(text, (char) => char.charCodeAt(0));
    expect(app.engine.embedded).toEqual([[[1, ...codes("{document}"), 2, ...codes("$&"), 2]]]);
    expect(app.engine.acquired[0]!.spec).toMatchObject({ ranks: true, embeddingOnly: true });
    expect(app.engine.openLeases).toBe(0);
  });

  test("top_n, and the documents with all that they came with", async () => {
    const documents = ["a", { text: "abcdefgh", title: "the best" }];
    const reply = await ask({ documents, top_n: 1 });
    expect(await resultsOf(reply)).toEqual([
      { index: 1, relevance_score: 0.5, document: { text: "abcdefgh", title: "the best" } },
    ]);
    const bare = await ask({ documents: ["a"], top_n: 5, return_documents: false });
    expect(await resultsOf(bare)).toEqual([{ index: 0, relevance_score: sigmoid(-7) }]);
  });

  test("a probability is the score", async () => {
    const app = rankingApp();
    app.engine.info.ranking!.scores = "probability";
    app.engine.vectorOf = () => new Float32Array([0.25, 0.75]);
    expect(await resultsOf(await ask({ documents: ["a"] }, app))).toEqual([
      { index: 0, relevance_score: 0.25, document: "a" },
    ]);
  });

  test.each([
    [{}, 400, "documents is required"],
    [{ documents: [] }, 400, "documents is empty"],
    [{ documents: "a" }, 400, "documents must be a list"],
    [{ documents: ["a", ""] }, 400, "documents[1] is empty"],
    [{ documents: [{ text: " " }] }, 400, "documents[0] is empty"],
    [{ documents: ["a", 7] }, 400, "documents[1] must be a text or an object with a text"],
    [{ documents: [null] }, 400, "documents[0] must be a text or an object with a text"],
    [{ documents: [{ title: "a" }] }, 400, "documents[0] must be a text or an object with a text"],
    [{ documents: Array(2049).fill("a") }, 400, "documents has more than 2048 elements"],
    [{ documents: ["a", "b".repeat(1_048_577)] }, 413, "document 1 has more than 1048576 bytes"],
    [{ documents: ["a"], query: "" }, 400, "query is required"],
    [{ documents: ["a"], query: null }, 400, "query is required"],
    [
      { documents: ["a"], query: 7 },
      400,
      "json: cannot unmarshal number into Go struct field RerankRequest.query of type string",
    ],
    [{ documents: ["a"], top_n: 0 }, 400, "top_n must be a positive integer"],
    [{ documents: ["a"], top_n: 1.5 }, 400, "top_n must be a positive integer"],
    [{ documents: ["a"], top_n: "1" }, 400, "top_n must be a positive integer"],
    [{ documents: ["a"], max_tokens_per_doc: -1 }, 400, "max_tokens_per_doc must be a positive integer"],
    [
      { documents: ["a"], rank_fields: ["title"] },
      400,
      "rank_fields is not supported: put what is to be read into each document's text",
    ],
    [{ documents: ["a"], keep_alive: "x" }, 400, 'time: invalid duration "x"'],
    [{ documents: ["a"], options: { num_ctx: "4" } }, 400, 'option "num_ctx" must be of type integer'],
    [{ documents: ["a"], model: "nope" }, 404, 'model "nope" not found, try pulling it first'],
    [{ documents: ["a"], model: "" }, 400, "model is required"],
    [
      { documents: ["a"], model: "test" },
      400,
      '"test" does not support rerank: it takes a model with a ranking head, such as bge-reranker or qwen3-reranker',
    ],
    [
      { documents: ["a"], query: "abc", options: { num_ctx: 6 } },
      400,
      "the query leaves no room for a document in the context length of 6 tokens",
    ],
    [
      { documents: ["a", "abc"], truncate: false, options: { num_ctx: 6 } },
      400,
      "document 1 exceeds the context length",
    ],
  ])("%#: %i %s", async (body, status, error) => {
    const reply = await ask(body);
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
  });

  test("documents that do not fit are cut at their end, and that is told", async () => {
    const app = rankingApp();
    const reply = await ask({ documents: ["abc", "de"], options: { num_ctx: 6 }, foo: 1 }, app);
    expect(reply.headers.get("warning")).toBe(
      '199 - "foo ignored: unknown field", 199 - "1 of 2 documents cut to fit"',
    );
    expect(app.engine.embedded[0]).toEqual([
      [1, 113, 2, 97, 98, 2],
      [1, 113, 2, 100, 101, 2],
    ]);
  });

  test("so many tokens of a document as were asked for, which nobody has to be told", async () => {
    const app = rankingApp();
    const reply = await ask({ documents: ["abc"], max_tokens_per_doc: 1, truncate: false }, app);
    expect([reply.status, reply.headers.get("warning")]).toEqual([200, null]);
    expect(app.engine.embedded[0]).toEqual([[1, 113, 2, 97, 2]]);
  });

  test("a score that is no number is no score", async () => {
    const app = rankingApp();
    app.engine.vectorOf = () => new Float32Array([Number.NaN]);
    const reply = await ask({ documents: ["a"] }, app);
    expect([reply.status, await reply.json()]).toEqual([
      500,
      { error: "the model gave a score that is not a number" },
    ]);
  });

  test("a head that tells no relevance", async () => {
    const app = rankingApp();
    delete app.engine.info.ranking;
    expect((await ask({ documents: ["a"] }, app)).status).toBe(400);
    expect(app.engine.openLeases).toBe(0);
  });

  test("the client leaves while the model loads", async () => {
    const app = rankingApp();
    app.engine.acquireHangs = true;
    const leaving = new AbortController();
    const body = JSON.stringify({ model: "ranker", query: "q", documents: ["a"] });
    const request = new Request("http://localhost:11434/api/rerank", {
      method: "POST",
      body,
      signal: leaving.signal,
    });
    const reply = app.app.handle(request);
    await app.engine.acquiring.promise;
    leaving.abort();
    expect((await reply).status).toBe(499);
  });

  test("the same model does not embed", async () => {
    const app = rankingApp();
    const reply = await app.send("POST", "/api/embed", { model: "ranker", input: "a" });
    expect([reply.status, await reply.json()]).toEqual([400, { error: '"ranker" does not support embed' }]);
    const chat = await app.send("POST", "/api/chat", {
      model: "ranker",
      messages: [{ role: "user", content: "a" }],
    });
    expect(await chat.json()).toEqual({ error: '"ranker" does not support chat' });
  });
});

describe("POST /v1/rerank", () => {
  test("as clients of Cohere, Jina and llama.cpp read it", async () => {
    const reply = await ask({ documents: ["a", "abcdefgh"], top_n: 1 }, rankingApp(), "/v1/rerank");
    expect(await reply.json()).toEqual({
      id: expect.stringMatching(/^rerank-[a-z0-9]{24}$/),
      object: "list",
      model: "ranker",
      results: [{ index: 1, relevance_score: 0.5 }],
      usage: { prompt_tokens: 17, total_tokens: 17 },
    });
  });

  test("errors in OpenAI's envelope", async () => {
    const reply = await ask({ documents: [] }, rankingApp(), "/v1/rerank");
    expect([reply.status, await reply.json()]).toEqual([
      400,
      { error: { message: "documents is empty", type: "invalid_request_error", param: null, code: null } },
    ]);
  });
});
