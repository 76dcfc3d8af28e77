import { describe, expect, test } from "bun:test";
import {
  asked,
  before,
  type Conversation,
  newConversation,
  requestMessages,
  requestOptions,
  titleOf,
  withLast,
} from "../../../src/web/chat/conversation.ts";
import { exported, imported } from "../../../src/web/chat/exported.ts";

const empty = newConversation("m", 1);
const answered = (conversation: Conversation, content: string) => withLast(conversation, { content });

describe("a conversation", () => {
  const first = answered(asked(empty, { content: "Hello\nthere" }, 2), "Hi");

  test("is named after its first message", () => {
    expect(first).toMatchObject({ title: "Hello", changed: 2 });
    expect(asked(first, { content: "More" }, 3).title).toBe("Hello");
    expect(titleOf("word ".repeat(20))).toBe("word word word word word word word word word…");
    expect(titleOf("  ")).toBe("New conversation");
  });

  test("is sent with its system prompt, files in front of their message, and no empty answer", () => {
    const files = [{ name: "a.txt", text: "text" }];
    const second = asked(
      { ...first, settings: { system: "Be brief." } },
      { content: "Read", files, images: ["aGk="] },
      3,
    );
    expect(requestMessages(second)).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello\nthere" },
      { role: "assistant", content: "Hi" },
      { role: "user", content: "File a.txt:\n```\ntext\n```\n\nRead", images: ["aGk="] },
    ]);
  });

  test("goes on without an answer that failed", () => {
    const failed = withLast(asked(empty, { content: "x" }, 2), { content: "half", error: "boom" });
    expect(requestMessages(failed)).toEqual([{ role: "user", content: "x" }]);
  });

  test("is cut where a message is edited", () => {
    const second = answered(asked(first, { content: "Two" }, 3), "2");
    expect(before(second, second.turns[2]!.id).turns).toEqual(first.turns);
  });
});

test("only what was set is an option", () => {
  expect(requestOptions({ system: "", temperature: 0, numCtx: 512 })).toEqual({
    temperature: 0,
    num_ctx: 512,
  });
});

describe("an exported file", () => {
  const whole = asked(empty, { content: "x", images: ["aGk="], files: [{ name: "a", text: "b" }] }, 2);
  const called = withLast(whole, {
    toolCalls: [{ function: { index: 0, name: "f", arguments: { a: 1 } } }],
    metrics: { eval_count: 1, eval_duration: 2 } as never,
    stopped: true,
  });

  test("can be imported", () => {
    const all = [whole, { ...called, settings: { system: "s", topP: 0.5, think: "low" as const } }];
    expect(imported(JSON.stringify(exported(all)))).toEqual({ conversations: all, damaged: 0 });
  });

  test.each([
    "",
    "{",
    "null",
    "[]",
    '"text"',
    '{"conversations": []}',
    '{"format": "llamero-conversations"}',
  ])("%s is none", (text) => {
    expect(() => imported(text)).toThrow("This file holds no conversations of llamero's.");
  });

  const damages: Record<string, unknown>[] = [
    { id: 1 },
    { title: undefined },
    { model: null },
    { changed: "today" },
    { settings: null },
    { settings: { system: 5 } },
    { settings: { system: "", topK: "many" } },
    { turns: {} },
    { turns: [null] },
    { turns: ["text"] },
    { turns: [{ ...whole.turns[0], role: "system" }] },
    { turns: [{ ...whole.turns[0], content: undefined }] },
    { turns: [{ ...whole.turns[0], images: [5] }] },
    { turns: [{ ...whole.turns[0], files: [{ name: "a" }] }] },
    { turns: [{ ...whole.turns[1], toolCalls: [{}] }] },
    { turns: [{ ...whole.turns[1], metrics: { eval_count: "3" } }] },
    { turns: [{ ...whole.turns[1], error: {} }] },
  ];
  test.each(damages)("a damaged conversation is left out: %j", (damage) => {
    const file = JSON.stringify(exported([{ ...whole, ...damage } as never, called]));
    expect(imported(file)).toEqual({ conversations: [called], damaged: 1 });
  });
});
