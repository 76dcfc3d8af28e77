import { describe, expect, test } from "bun:test";
import {
  asked,
  before,
  type Conversation,
  exported,
  imported,
  newConversation,
  requestMessages,
  requestOptions,
  titleOf,
  withLast,
} from "../../../src/web/chat/conversation.ts";

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

test("what is exported can be imported, and nothing else", () => {
  const all = [asked(empty, { content: "x" }, 2)];
  expect(imported(JSON.stringify(exported(all)))).toEqual(all);
  expect(() => imported('{"conversations": []}')).toThrow("holds no conversations");
  expect(imported('{"format": "llamero-conversations", "conversations": [{"id": 1}, null]}')).toEqual([]);
});
