import { describe, expect, test } from "bun:test";
import { deflateRawSync, deflateSync } from "node:zlib";
import { fakeApp, promptsOf } from "../support/fake-app.ts";
import { ask, talker } from "../support/openai-responses-fixture.ts";

describe("input", () => {
  const call = { type: "function_call", call_id: "c1", name: "f", arguments: '{"a":1}' };
  const part = (type: string, said: string) => ({ type, text: said });

  test.each([
    ["hi", "<user>hi"],
    [
      [
        { role: "developer", content: "d" },
        { role: "user", content: "u" },
      ],
      "<system>d<user>u",
    ],
    [
      [{ type: "message", role: "user", content: [part("input_text", "a"), part("input_text", "b")] }],
      "<user>a\nb",
    ],
    [
      [
        { role: "user", content: "u" },
        { role: "assistant", content: [part("output_text", "x")] },
        { role: "assistant", content: [{ type: "refusal", refusal: "no" }] },
        { role: "user", content: "v" },
      ],
      "<user>u<assistant>x\n\nno<user>v",
    ],
    [
      [
        { role: "user", content: "u" },
        { type: "reasoning", summary: [], content: [part("reasoning_text", "hm")] },
        { role: "assistant", content: "let me" },
        call,
        { ...call, call_id: "c2", name: "g" },
        { type: "function_call_output", call_id: "c2", output: "2" },
        { type: "function_call_output", call_id: "c1", output: [part("input_text", "1")] },
      ],
      '<user>u<assistant>[hm]let mef{"a":1}g{"a":1}<tool>2=g<tool>1=f',
    ],
    [
      [
        { role: "user", content: "u" },
        { type: "reasoning", summary: [part("summary_text", "s")] },
        call,
        { type: "function_call_output", call_id: "c1", output: "1" },
        { type: "reasoning", summary: [], encrypted_content: "e" },
        { role: "assistant", content: "x" },
      ],
      '<user>u<assistant>[s]f{"a":1}<tool>1=f<assistant>[e]x',
    ],
    [
      [
        { type: "custom_tool_call", call_id: "c", name: "run", input: "ls" },
        { type: "custom_tool_call_output", call_id: "c", output: "files" },
      ],
      '<assistant>run{"input":"ls"}<tool>files=run',
    ],
    [
      [
        { ...call, namespace: "crm" },
        { type: "function_call_output", call_id: "c1", output: "ok" },
      ],
      '<assistant>crm.f{"a":1}<tool>ok=crm.f',
    ],
  ])("%j", async (input, prompt) => {
    const app = talker();
    expect((await ask({ input }, app)).status).toBe(200);
    expect(promptsOf(app)).toEqual([prompt]);
  });

  test("instructions come first", async () => {
    const app = talker();
    await ask({ instructions: "Be brief." }, app);
    expect(promptsOf(app)).toEqual(["<system>Be brief.<user>hi"]);
  });

  test.each([{ input: [] }, { input: [{ type: "web_search_call", id: "w" }] }])(
    "instructions alone are a prompt, as agents send it to try a server: %j",
    async (body) => {
      const app = talker();
      expect((await ask({ instructions: "Be brief.", max_output_tokens: 1, ...body }, app)).status).toBe(200);
      expect(promptsOf(app)).toEqual(["<system>Be brief."]);
    },
  );

  test.each([
    ["gzip", Bun.gzipSync],
    ["x-gzip", Bun.gzipSync],
    ["deflate", (data: Uint8Array<ArrayBuffer>) => deflateSync(data)],
    ["deflate", (data: Uint8Array<ArrayBuffer>) => deflateRawSync(data)],
  ])("may be compressed with %s, as everywhere", async (coding, compress) => {
    const { app } = fakeApp();
    const post = (body: Uint8Array, headers = {}) =>
      app.handle(
        new Request("http://localhost:11434/api/show", {
          method: "POST",
          headers: { "content-encoding": coding, ...headers },
          body: new Uint8Array(body),
        }),
      );
    expect((await post(compress(Buffer.from('{"model":"test"}')))).status).toBe(200);
    expect((await post(Buffer.from('{"model":"test"}'))).status).toBe(400);
    expect((await post(compress(Buffer.alloc(64 * 1024 * 1024 + 1, 32)))).status).toBe(413);
    const other = await post(Buffer.from("x"), { "content-encoding": "br" });
    expect([other.status, await other.json()]).toEqual([
      415,
      { error: 'content encoding "br" is not supported: use gzip, x-gzip, deflate, zstd or none' },
    ]);
  });

  test("may be compressed with zstd", async () => {
    const send = (body: Uint8Array<ArrayBuffer>) =>
      fakeApp().app.handle(
        new Request("http://localhost:11434/v1/responses", {
          method: "POST",
          headers: { "content-encoding": "zstd", "content-type": "application/json" },
          body,
        }),
      );
    const json = new TextEncoder().encode(JSON.stringify({ model: "test", input: "hi" }));
    expect((await send(new Uint8Array(Bun.zstdCompressSync(json)))).status).toBe(200);
    const bad = await send(json);
    expect<unknown>([bad.status, await bad.json()]).toMatchObject([
      400,
      { error: { message: "the request body is no valid zstd data" } },
    ]);
    const bomb = Bun.zstdCompressSync(Buffer.alloc(64 * 1024 * 1024 + 1, 32));
    expect((await send(new Uint8Array(bomb))).status).toBe(413);
  });
});

test("input_tokens counts the whole prompt and generates nothing", async () => {
  const app = talker();
  app.engine.info = { ...app.engine.info, contextLength: 10 };
  const count = (body: object) => app.send("POST", "/v1/responses/input_tokens", { model: "test", ...body });
  const reply = await count({ input: "x".repeat(20), instructions: "s", foo: 1 });
  expect([reply.status, await reply.json(), reply.headers.get("warning")]).toEqual([
    200,
    { object: "response.input_tokens", input_tokens: "<system>s<user>".length + 20 },
    '199 - "foo ignored: unknown field"',
  ]);
  expect([app.engine.tasks.length, app.engine.openLeases]).toEqual([0, 0]);
  expect((await count({ input: "x", personality: "friendly" })).status).toBe(400);
});
