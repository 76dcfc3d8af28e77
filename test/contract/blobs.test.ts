import { describe, expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";

const digestOf = (text: string) => `sha256:${new Bun.CryptoHasher("sha256").update(text).digest("hex")}`;
const digest = digestOf("content");

test("an upload is stored once", async () => {
  const { send, catalog } = fakeApp();
  expect((await send("HEAD", `/api/blobs/${digest}`)).status).toBe(404);
  const first = await send("POST", `/api/blobs/${digest}`, "content");
  expect([first.status, await first.text()]).toEqual([201, ""]);
  expect((await send("HEAD", `/api/blobs/${digest}`)).status).toBe(200);
  expect((await send("POST", `/api/blobs/${digest}`, "content")).status).toBe(200);
  expect(catalog.blobs.size).toBe(1);
});

test("content is taken whatever its type says", async () => {
  const { send } = fakeApp();
  const reply = await send("POST", `/api/blobs/${digest}`, "content", { "content-type": "application/json" });
  expect(reply.status).toBe(201);
});

test("other content is refused and not kept", async () => {
  const { send, catalog } = fakeApp();
  const reply = await send("POST", `/api/blobs/${digest}`, "other");
  const error = `digest mismatch, expected "${digest}", got "${digestOf("other")}"`;
  expect([reply.status, await reply.json()]).toEqual([400, { error }]);
  expect(catalog.blobs.size).toBe(0);
});

test("a missing blob has a message, too", async () => {
  const reply = await fakeApp().send("HEAD", `/api/blobs/${digest}`);
  expect(await reply.json()).toEqual({ error: `blob "${digest}" not found` });
});

describe("what is no digest", () => {
  test.each(["sha256:abc", `sha512:${"a".repeat(64)}`, `sha256:${"A".repeat(64)}`, "..%2f..%2fetc", "x"])(
    "%s",
    async (text) => {
      for (const method of ["HEAD", "POST"]) {
        const reply = await fakeApp().send(method, `/api/blobs/${text}`, method === "POST" ? "x" : undefined);
        expect([reply.status, await reply.json()]).toEqual([400, { error: "invalid digest format" }]);
      }
    },
  );
});
