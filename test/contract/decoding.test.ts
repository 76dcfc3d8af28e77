import { describe, expect, test } from "bun:test";
import { MAX_JSON_BYTES } from "../../src/api/wire/read-stream.ts";
import { fakeApp } from "../support/fake-app.ts";

const { send } = fakeApp();

describe("a JSON body is read", () => {
  test.each([
    "application/json",
    "application/json; charset=utf-8",
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data; boundary=x",
    "nonsense",
    "",
  ])("whatever the content type: %j", async (type) => {
    const reply = await send("POST", "/api/chat", '{"model":"test"}', type ? { "content-type": type } : {});
    expect(await reply.json()).toMatchObject({ done_reason: "load" });
  });

  test("up to the end of its first value", async () => {
    const reply = await send("POST", "/api/chat", '{"model":"test"} and more');
    expect(await reply.json()).toMatchObject({ done_reason: "load" });
  });

  test("null is a request in which nothing is set", async () => {
    const reply = await send("POST", "/api/chat", "null");
    expect([reply.status, await reply.text()]).toEqual([400, '{"error":"model is required"}']);
  });

  test("keys in any case", async () => {
    const reply = await send("POST", "/api/chat", '{"Model":"test","MESSAGES":[]}');
    expect(await reply.json()).toMatchObject({ model: "test", done_reason: "load" });
  });

  test.each([
    ["the last of two spellings counts", '{"MODEL":"absent","model":"test"}', 200],
    ["whichever that is", '{"model":"test","MODEL":"absent"}', 404],
    ["the last of two equal ones counts", '{"model":"absent","model":"test"}', 200],
    ["null takes nothing back", '{"MODEL":"test","model":null}', 200],
  ])("of keys that mean one field, %s", async (_, body, status) => {
    expect((await send("POST", "/api/show", body)).status).toBe(status);
  });
});

describe("a body that is no request", () => {
  const all = ["generate", "chat", "embed", "embeddings", "show", "create", "copy"].map(
    (name) => `/api/${name}`,
  );

  test.each(all)("%s: an empty one is missing", async (path) => {
    for (const body of [undefined, "", "  \n"]) {
      const reply = await send("POST", path, body);
      expect([reply.status, await reply.text()]).toEqual([400, '{"error":"missing request body"}']);
    }
  });

  test("DELETE has a body, too", async () => {
    const reply = await send("DELETE", "/api/delete");
    expect([reply.status, await reply.text()]).toEqual([400, '{"error":"missing request body"}']);
  });

  test.each([
    ["nope", "invalid character 'o' in literal null (expecting 'u')"],
    ["{", "unexpected EOF"],
    ["model=test", "invalid character 'm' looking for beginning of value"],
    ["[]", "json: cannot unmarshal array into Go value of type api.ChatRequest"],
    [
      '{"messages":[{"content":["a"]}]}',
      "json: cannot unmarshal array into Go struct field ChatRequest.messages.content of type string",
    ],
    ['{"messages":[{"images":["data:image/png;base64,aGk="]}]}', "illegal base64 data at input byte 4"],
    ['{"keep_alive":"soon"}', 'time: invalid duration "soon"'],
  ])("%s", async (body, error) => {
    const reply = await send("POST", "/api/chat", body);
    expect(reply.status).toBe(400);
    expect(reply.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await reply.json()).toEqual({ error });
  });

  test("one that is too large, announced or not", async () => {
    const error = { error: "http: request body too large" };
    const announced = await send("POST", "/api/chat", "{}", { "content-length": String(MAX_JSON_BYTES + 1) });
    expect([announced.status, await announced.json()]).toEqual([413, error]);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(1024 * 1024).fill(0x20));
        sent++;
      },
    });
    const request = new Request("http://localhost/api/chat", { method: "POST", body: endless });
    const chunked = await fakeApp().app.handle(request);
    expect([chunked.status, await chunked.json()]).toEqual([413, error]);
    expect(sent).toBeLessThan(80);
  });
});

test("an unforeseen failure says nothing to the client and all to the log", async () => {
  const { send: ask, catalog, log } = fakeApp();
  catalog.list = () => {
    throw new TypeError("cannot read /etc/secret");
  };
  const reply = await ask("GET", "/api/tags");
  expect([reply.status, await reply.text()]).toEqual([500, '{"error":"internal server error"}']);
  expect(log.find((line) => line.includes("level=ERROR"))).toContain("/etc/secret");
});
