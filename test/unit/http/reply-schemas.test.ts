import { describe, expect, test } from "bun:test";
import { checkedReply } from "../../support/reply-schemas.ts";

/** What the checker of every contract test makes of a reply. */
function checked(body: string, { type = "application/json", status = 200 } = {}) {
  const request = new Request("http://localhost/api/chat", { method: "POST" });
  return checkedReply(request, new Response(body, { status, headers: { "content-type": type } }));
}

const line = { model: "m", created_at: "2026-01-02T03:04:05Z", done: false };
const good = { ...line, message: { role: "assistant", content: "" } };
const text = (value: object) => JSON.stringify(value);

test("a reply that is what its route promises is left as it is", async () => {
  expect(await (await checked(text(good))).text()).toBe(text(good));
  const refused = await checked(text({ error: "no" }), { status: 400 });
  expect(await refused.json()).toEqual({ error: "no" });
});

describe("one that is not fails the test, whether it is read or not:", () => {
  test.each([
    ["a field of another type", text({ ...good, done: 1 }), {}, "/done Expected boolean"],
    ["a field that is missing", text(line), {}, "/message Expected required property"],
    ["a field that nobody tells of", text({ ...good, extra: 1 }), {}, "/extra Unexpected property"],
    ["a time that is none", text({ ...good, created_at: "now" }), {}, "/created_at"],
  ])("%s", async (_, body, init, message) => {
    await expect(checked(body, init)).rejects.toThrow(message);
  });

  test("a later line of a stream, when it is read", async () => {
    const lines = `${text(good)}\n${text(line)}\n`;
    const reply = await checked(lines, { type: "application/x-ndjson" });
    await expect(reply.text()).rejects.toThrow("application/x-ndjson:");
  });

  test("a status that its document does not have", async () => {
    await expect(checked("{}", { status: 418 })).rejects.toThrow("the route's document has no such reply");
  });
});
