import { expect, test } from "bun:test";
import { withoutVolatileHead } from "../../../src/inference/volatile-head.ts";
import type { Message } from "../../../src/intent/message.ts";

const system = (content: string): Message => ({ role: "system", content });
const HEAD = "x-anthropic-billing-header: cc_version=2.1.37.0d9; cc_entrypoint=cli; cch=fa690;";

test.each([
  ["directly in front of the next block", `${HEAD}You are a coding CLI.`],
  ["on a line of its own", `${HEAD}\n\nYou are a coding CLI.`],
  ["without a last semicolon", `${HEAD.slice(0, -1)}\nYou are a coding CLI.`],
  ["with nothing to tell", "x-anthropic-billing-header:\nYou are a coding CLI."],
])("a billing header goes that stands %s", (_where, content) => {
  expect(withoutVolatileHead([system(content)])).toEqual({
    messages: [system("You are a coding CLI.")],
    left: ["x-anthropic-billing-header"],
  });
});

test("a message of nothing else is left out", () => {
  const question: Message = { role: "user", content: "hi" };
  expect(withoutVolatileHead([system(HEAD), system("You help."), question]).messages).toEqual([
    system("You help."),
    question,
  ]);
});

test.each<Message>([
  { role: "user", content: `${HEAD} what is this?` },
  system(`Never send ${HEAD}`),
  system("a: b=c; d"),
])("what people write stays: %j", (message) => {
  const messages = [message];
  expect(withoutVolatileHead(messages)).toEqual({ messages, left: [] });
});

test("a head without end takes no time", () => {
  const content = `x-anthropic-billing-header: ${"a=b".repeat(200_000)}`;
  const began = process.cpuUsage();
  withoutVolatileHead([system(content)]);
  expect(process.cpuUsage(began).user).toBeLessThan(1_000_000);
});
