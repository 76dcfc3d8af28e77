import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Message } from "../../../src/intent/message.ts";
import { cutsOf, fitMessages, type RenderableConversation } from "../../../src/prompt/truncate.ts";

/** `s1 u1 a1 c2 t2 t3` → messages by first letter: system, user, assistant, assistant with a call, tool. */
function conversation(text: string): Message[] {
  const roles: Record<string, string> = { s: "system", u: "user", a: "assistant", c: "assistant", t: "tool" };
  return text
    .split(" ")
    .filter(Boolean)
    .map((content) => ({
      role: roles[content[0] ?? ""] ?? "user",
      content,
      ...(content.startsWith("c") && { toolCalls: [{ name: "f", arguments: {} }] }),
    }));
}

/** Counts renders; a prompt is the contents, a token each. */
function planOf(messages: Message[]): RenderableConversation & { renders: number } {
  return {
    messages,
    renders: 0,
    render(kept) {
      this.renders++;
      return { text: kept.map(({ content }) => content).join(" "), images: 0 };
    },
  };
}
const count = (text: string): number => (text === "" ? 0 : text.split(" ").length);

const cases: [string, number, string, number][] = [
  ["u1 a1 u2", 3, "u1 a1 u2", 0],
  ["u1 a1 u2", 2, "a1 u2", 1],
  ["u1 a1 u2", 1, "u2", 2],
  ["u1 a1 u2", 0, "u2", 2],
  ["s1 u1 a1 u2", 3, "s1 a1 u2", 1],
  ["s1 u1 a1 s2 u2 a2 u3", 4, "s1 s2 a2 u3", 3],
  ["s1 u1 a1 s2 u2", 1, "s1 s2 u2", 2],
  ["u1 c1 t1 t2 a1 u2", 5, "c1 t1 t2 a1 u2", 1],
  ["u1 c1 t1 t2 a1 u2", 4, "a1 u2", 4],
  ["u1 c1 t1 t2 a1 u2", 3, "a1 u2", 4],
  ["u1 c1 t1", 1, "c1 t1", 1],
  ["u1 c1 s1 t1 u2", 3, "s1 u2", 3],
  ["t1 t2 u1", 2, "t2 u1", 1],
  ["c1 t1 c2 t2 u1", 4, "c2 t2 u1", 2],
  ["u1", 0, "u1", 0],
  ["s1", 0, "s1", 0],
  ["u1 a1", 1, "a1", 1],
];

test.each<[string, number, number, string]>([
  ["u1 a1 u2 a2 u3", 5, 3, "u1 a1 u2 a2 u3"],
  ["u1 a1 u2 a2 u3", 4, 1, "u2 a2 u3"],
  ["u1 a1 u2 a2 u3", 4, 2, "a2 u3"],
  ["u1 a1 u2 a2 u3", 4, 9, "u3"],
  ["s1 u1 a1 u2 a2 u3", 5, 2, "s1 a2 u3"],
])("%s in %d tokens, %d for the answer: %s", async (text, contextLength, roomForAnswer, expected) => {
  const fitted = await fitMessages(planOf(conversation(text)), { contextLength, roomForAnswer, count });
  expect(fitted.text).toBe(expected);
});

test.each(cases)("%s in %d tokens: %s", async (text, contextLength, expected, dropped) => {
  const plan = planOf(conversation(text));
  const fitted = await fitMessages(plan, { contextLength, count });
  expect(fitted.text).toBe(expected);
  expect(fitted).toMatchObject({ dropped, tokens: count(expected) });
  expect(fitted.messages.map(({ content }) => content).join(" ")).toBe(expected);
});

test("a plan that has no messages is rendered once", async () => {
  const plan: RenderableConversation = { messages: [], render: () => ({ text: "a b c", images: 2 }) };
  const expected = { text: "a b c", images: 2, messages: [], dropped: 0, tokens: 3 };
  expect(await fitMessages(plan, { contextLength: 1, count })).toEqual(expected);
});

test("counting may be asynchronous, and its failure is the caller's", async () => {
  const plan = planOf(conversation("u1 a1 u2"));
  const later = async (text: string) => count(text);
  expect((await fitMessages(plan, { contextLength: 2, count: later })).text).toBe("a1 u2");
  const failing = () => Promise.reject(new Error("gone"));
  await expect(fitMessages(plan, { contextLength: 2, count: failing })).rejects.toThrow("gone");
});

describe("number of renders", () => {
  const long = conversation(Array.from({ length: 1000 }, (_, index) => `u${index}`).join(" "));
  test.each([
    [1000, 1],
    [999, 12],
    [500, 12],
    [1, 12],
  ])("1000 messages in %d tokens: at most %d", async (contextLength, most) => {
    const plan = planOf(long);
    const fitted = await fitMessages(plan, { contextLength, count });
    expect(fitted.tokens).toBe(contextLength);
    expect(plan.renders).toBeLessThanOrEqual(most);
  });
});

test("a conversation far longer than the context is rendered whole once; the tries together render half of it at most", async () => {
  const messages = conversation(Array.from({ length: 20_000 }, (_, index) => `u${index}`).join(" "));
  let rendered = 0;
  const plan: RenderableConversation = {
    messages,
    render(kept) {
      rendered += kept.length;
      return { text: kept.map(({ content }) => content).join(" "), images: 0 };
    },
  };
  for (const contextLength of [1, 50, 500]) {
    rendered = 0;
    expect((await fitMessages(plan, { contextLength, count })).tokens).toBe(contextLength);
    expect(rendered).toBeLessThanOrEqual(1.5 * messages.length);
  }
  // Of a text that is far too long only the ends are tokenised, and the number of its tokens is a guess.
  rendered = 0;
  const guessed = (text: string) => Math.min(count(text), 3_000);
  expect((await fitMessages(plan, { contextLength: 1_000, count: guessed })).tokens).toBe(1_000);
  expect(rendered).toBeLessThanOrEqual(3 * messages.length);
});

test("looking from the short end finds what trying every cut in turn finds", async () => {
  const arbitrary = fc.array(fc.constantFrom("s", "u", "a", "c", "t"), { minLength: 1, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(arbitrary, fc.integer({ min: 0, max: 15 }), async (letters, contextLength) => {
      const messages = conversation(letters.map((letter, index) => `${letter}${index}`).join(" "));
      const cuts = cutsOf(messages);
      const textAt = (cut: number) =>
        messages
          .filter(({ role }, index) => index >= cut || role === "system")
          .map(({ content }) => content)
          .join(" ");
      const candidates = [textAt(0), ...cuts.slice(1).map(textAt)];
      const expected = candidates.find((text) => count(text) <= contextLength) ?? candidates.at(-1);
      expect((await fitMessages(planOf(messages), { contextLength, count })).text).toBe(expected ?? "");
    }),
  );
});
