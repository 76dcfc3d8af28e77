import { expect, test } from "bun:test";
import type { Message } from "../../../src/intent/message.ts";
import { collate, systemText } from "../../../src/prompt/collate.ts";

const user = (content: string): Message => ({ role: "user", content });
const assistant = (content: string, more: Partial<Message> = {}): Message => ({
  role: "assistant",
  content,
  ...more,
});
const tool = (content: string): Message => ({ role: "tool", content });
const call = { toolCalls: [{ name: "roll", arguments: {} }] };

const cases: [string, Message[], Message[]][] = [
  ["nothing", [], []],
  ["different roles", [user("a"), assistant("b"), user("c")], [user("a"), assistant("b"), user("c")]],
  ["one role thrice", [user("a"), user("b"), user("c")], [user("a\n\nb\n\nc")]],
  [
    "an unknown role",
    [
      { role: "critic", content: "a" },
      { role: "critic", content: "b" },
    ],
    [{ role: "critic", content: "a\n\nb" }],
  ],
  ["tool results", [tool("a"), tool("b")], [tool("a"), tool("b")]],
  ["a call after text", [assistant("a"), assistant("b", call)], [assistant("a"), assistant("b", call)]],
  ["text after a call", [assistant("a", call), assistant("b")], [assistant("a", call), assistant("b")]],
  [
    "text after thinking",
    [assistant("a", { thinking: "hm" }), assistant("b"), assistant("c")],
    [assistant("a", { thinking: "hm" }), assistant("b\n\nc")],
  ],
  [
    "empty thinking and no calls",
    [assistant("a", { thinking: "", toolCalls: [] }), assistant("b")],
    [assistant("a\n\nb", { thinking: "", toolCalls: [] })],
  ],
  [
    "images",
    [
      { ...user("a"), images: ["1"] },
      { ...user("b"), images: ["2", "3"] },
    ],
    [{ ...user("a\n\nb"), images: ["1", "2", "3"] }],
  ],
];

test.each(cases)("collate: %s", (_, messages, expected) => {
  const before = structuredClone(messages);
  expect(collate(messages)).toEqual(expected);
  expect(messages).toEqual(before);
});

test("system texts are joined wherever they stand", () => {
  const system = (content: string): Message => ({ role: "system", content });
  expect(systemText([system("a"), user("x"), system("b")])).toBe("a\n\nb");
  expect(systemText([user("x")])).toBe("");
});
