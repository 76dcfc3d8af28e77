import { describe, expect, test } from "bun:test";
import type { TokenizeReply } from "../../src/api/llamero/schema/tokens.ts";
import { fakeApp } from "../support/fake-app.ts";

const tokenize = (body: object, app = fakeApp()) =>
  app.send("POST", "/api/tokenize", { model: "test", ...body });
const detokenize = (body: object, app = fakeApp()) =>
  app.send("POST", "/api/detokenize", { model: "test", ...body });

const tokensOf = async (reply: Response) => ((await reply.json()) as TokenizeReply).tokens;

describe("POST /api/tokenize", () => {
  test.each(["text", "content", "prompt"])("the tokens of %s, without special ones", async (name) => {
    const app = fakeApp();
    app.engine.info = { ...app.engine.info, addsBos: true };
    const reply = await tokenize({ [name]: "ab" }, app);
    expect([reply.status, await reply.text()]).toEqual([
      200,
      '{"model":"test","tokens":[97,98],"total_duration":0,"load_duration":1000000}',
    ]);
    expect([app.engine.tokenizers, app.engine.openLeases]).toEqual([1, 0]);
  });

  test("with them", async () => {
    const app = fakeApp();
    app.engine.info = { ...app.engine.info, addsBos: true, addsEos: true };
    expect(await tokensOf(await tokenize({ text: "ab", add_special: true }, app))).toEqual([1, 97, 98, 2]);
  });

  test("with pieces: texts, or bytes that are only a part of a character", async () => {
    const app = fakeApp();
    app.engine.pieceOf = (token) => new Uint8Array(token === 97 ? [0xc3] : [token]);
    expect(await tokensOf(await tokenize({ text: "bab", with_pieces: true }, app))).toEqual([
      { id: 98, piece: "b" },
      { id: 97, piece: [0xc3] },
      { id: 98, piece: "b" },
    ]);
  });

  test("the empty text has no tokens", async () => {
    expect(await tokensOf(await tokenize({ text: "" }))).toEqual([]);
  });

  test("options and keep_alive are those of the load", async () => {
    const app = fakeApp();
    const reply = await tokenize({ text: "a", keep_alive: 0, options: { num_ctx: 64, foo: 1 } }, app);
    expect(reply.headers.get("warning")).toBe('199 - "option foo ignored: unknown option"');
    expect(app.engine.acquired[0]).toMatchObject({
      spec: { options: { numCtx: 64 } },
      options: { keepAlive: 0 },
    });
  });

  test.each([
    [{}, 400, "text is required"],
    [{ text: "a", content: "a" }, 400, "text, content and prompt are one field: send one of them"],
    [
      { text: ["a"] },
      400,
      "json: cannot unmarshal array into Go struct field TokenizeRequest.text of type string",
    ],
    [{ text: "a", model: "nope" }, 404, 'model "nope" not found, try pulling it first'],
    [{ text: "é".repeat(524_289) }, 413, "the text has more than 1048576 bytes"],
  ])("%#: %i %s", async (body, status, error) => {
    const reply = await tokenize(body);
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
  });
});

describe("POST /api/detokenize", () => {
  test("the text of tokens", async () => {
    const app = fakeApp();
    const reply = await detokenize({ tokens: [97, 0x1f999] }, app);
    expect([reply.status, await reply.text()]).toEqual([
      200,
      '{"model":"test","text":"a🦙","total_duration":0,"load_duration":1000000}',
    ]);
    expect([app.engine.tokenizers, app.engine.openLeases]).toEqual([1, 0]);
  });

  test("no tokens, no text", async () => {
    expect(await (await detokenize({ tokens: [] })).json()).toMatchObject({ text: "" });
  });

  test.each([
    [{}, 400, "tokens is required"],
    [{ tokens: [-1] }, 400, "tokens contains -1, which is no token of this model"],
    [{ tokens: [97, 0x110000] }, 400, "tokens contains 1114112, which is no token of this model"],
    [{ tokens: null }, 400, "tokens is required"],
    [{ tokens: 1 }, 400, "tokens must be a list of integers"],
    [{ tokens: [97, 1.5] }, 400, "tokens[1] must be an integer"],
    [{ tokens: ["a"] }, 400, "tokens[0] must be an integer"],
    [{ tokens: [null] }, 400, "tokens[0] must be an integer"],
    [{ tokens: [1], model: "nope" }, 404, 'model "nope" not found, try pulling it first'],
    [{ tokens: Array(1_048_577).fill(97) }, 413, "there are more than 1048576 tokens"],
  ])("%#: %i %s", async (body, status, error) => {
    const reply = await detokenize(body);
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
  });
});
