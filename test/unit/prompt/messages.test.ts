import { describe, expect, test } from "bun:test";
import type { Message } from "../../../src/intent/message.ts";
import { chatMessages, completionMessages } from "../../../src/prompt/messages.ts";
import type { PromptModel } from "../../../src/prompt/prompt-model.ts";

const bare: PromptModel = {
  messages: [],
  bosToken: "",
  eosToken: "",
  addsBos: true,
  family: "llama",
  shortName: "test:latest",
};
const say = (role: string, content: string): Message => ({ role, content });
const ask = say("user", "U");

describe("messages of a chat", () => {
  const model = { ...bare, system: "S", messages: [say("user", "M1"), say("assistant", "M2")] };
  const roles = (messages: Message[]): string => messages.map(({ content }) => content).join(" ");

  test.each([
    ["SYSTEM and MESSAGEs first", model, [ask], "S M1 M2 U"],
    ["the request's own system", model, [say("system", "R"), ask], "M1 M2 R U"],
    ["a system message later on", model, [ask, say("system", "R")], "S M1 M2 U R"],
    ["no SYSTEM", { ...model, system: "" }, [ask], "M1 M2 U"],
  ])("%s", (_, facts, messages, expected) => {
    expect(roles(chatMessages(facts, messages))).toBe(expected);
  });

  const thought = say("assistant", " <think>\nhm</think>\n\nA");
  test.each([
    ["qwen3", { family: "qwen3" }, "A"],
    ["deepseek-r1", { shortName: "deepseek-r1:7b" }, "A"],
    ["a user's deepseek-r1", { shortName: "me/deepseek-r1:7b" }, "A"],
    ["another model", { shortName: "deepseek-r1-like:latest" }, thought.content],
  ])("old thinking in the text: %s", (_, facts, old) => {
    const messages = chatMessages({ ...bare, ...facts }, [ask, thought, ask, thought]);
    expect(messages.map(({ content }) => content)).toEqual(["U", old, "U", thought.content]);
  });

  test("thinking without an end stays", () => {
    const open = say("assistant", "<think>never ends");
    expect(chatMessages({ ...bare, family: "qwen3" }, [open, ask])[0]?.content).toBe("<think>never ends");
  });
});

test("a completion's images go with its prompt", () => {
  const input = { type: "completion" as const, prompt: "P", raw: false, images: ["i"] };
  expect(completionMessages(bare, input)).toEqual([{ role: "user", content: "P", images: ["i"] }]);
});
