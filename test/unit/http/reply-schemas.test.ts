import { describe, expect, test } from "bun:test";
import { type FakeApp, fakeApp } from "../../support/fake-app.ts";
import { replyChecker } from "../../support/reply-schemas.ts";

/** What the checker of every contract test makes of a reply. */
function checked(app: FakeApp, body: string, { type = "application/json", status = 200 } = {}) {
  const request = new Request("http://localhost/api/chat", { method: "POST" });
  return replyChecker(app.app)(request, new Response(body, { status, headers: { "content-type": type } }));
}

const line = { model: "m", created_at: "2026-01-02T03:04:05Z", done: false };
const good = { ...line, message: { role: "assistant", content: "" } };
const text = (value: object) => JSON.stringify(value);

test("a reply that is what its route promises is left as it is", async () => {
  const app = fakeApp();
  expect(await checked(app, text(good)).text()).toBe(text(good));
  expect(await checked(app, text({ error: "no" }), { status: 400 }).json()).toEqual({ error: "no" });
});

describe("one that is not fails the test that reads it:", () => {
  test.each([
    ["a field of another type", text({ ...good, done: 1 }), {}, "/done Expected boolean"],
    ["a field that is missing", text(line), {}, "/message Expected required property"],
    ["a field that nobody tells of", text({ ...good, extra: 1 }), {}, "/extra Unexpected property"],
    ["a time that is none", text({ ...good, created_at: "now" }), {}, "/created_at"],
    [
      "a later line",
      `${text(good)}\n${text(line)}\n`,
      { type: "application/x-ndjson" },
      "application/x-ndjson:",
    ],
  ])("%s", async (_, body, init, message) => {
    await expect(checked(fakeApp(), body, init).text()).rejects.toThrow(message);
  });

  test("a status that its document does not have", () => {
    expect(() => checked(fakeApp(), "{}", { status: 418 })).toThrow("the route's document has no such reply");
  });
});
