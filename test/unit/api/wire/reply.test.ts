import { expect, test } from "bun:test";
import { jsonReply, noticeHeaders } from "../../../../src/api/wire/reply.ts";

test("JSON is written as Go writes it", async () => {
  const reply = jsonReply({ a: "<b> & 'c'" }, { status: 201 });
  expect(reply.status).toBe(201);
  expect(reply.headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(await reply.text()).toBe('{"a":"\\u003cb\\u003e \\u0026 \'c\'"}');
});

test("no notices, no header", () => {
  expect(noticeHeaders([])).toEqual({});
});

test("a client's own text cannot break out of the header", () => {
  const message = `option "x\\\r\nset-cookie: a\u00e9 ignored`;
  expect(noticeHeaders([{ code: "ignored_option", message }])).toEqual({
    warning: '199 - "option \\"x\\\\??set-cookie: a? ignored"',
  });
});

test("a long list is cut short, a long text too", () => {
  const notices = Array.from({ length: 20 }, () => ({
    code: "ignored_field" as const,
    message: "x".repeat(300),
  }));
  const { warning } = noticeHeaders(notices);
  expect(warning!.split(", ")).toHaveLength(9);
  expect(warning).toEndWith('199 - "and 12 more"');
  expect(warning!.length).toBeLessThan(2000);
});
