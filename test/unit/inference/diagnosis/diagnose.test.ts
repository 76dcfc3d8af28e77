import { describe, expect, test } from "bun:test";
import { compareOutlines } from "../../../../src/inference/diagnosis/compare.ts";
import { type AnsweredPrompt, diagnose } from "../../../../src/inference/diagnosis/diagnose.ts";
import { type Earlier, PromptHistory } from "../../../../src/inference/diagnosis/history.ts";
import { type Outline, outlineOf } from "../../../../src/inference/diagnosis/outline.ts";
import type { ChatInput, GenerateIntent } from "../../../../src/intent/generate.ts";
import type { Message } from "../../../../src/intent/message.ts";

const NOW = 1_800_000_000_000;
const user = (content: string): Message => ({ role: "user", content });
const assistant = (content: string): Message => ({ role: "assistant", content });
const system = (content: string): Message => ({ role: "system", content });

function outline(
  messages: Message[],
  input: Partial<ChatInput> = {},
  intent: Partial<GenerateIntent> = {},
): Outline {
  const chat: ChatInput = { type: "chat", messages, tools: [], ...input };
  const whole = { model: "m", input: chat, options: {}, truncate: true, debugRenderOnly: false, ...intent };
  return outlineOf(whole, "sha256:1");
}

const talk = [system("Be brief."), user("Hi"), assistant("Hello"), user("Who are you?")];
const longer = [...talk, assistant("A llama"), user("Really?")];

describe("compare", () => {
  test.each([
    ["more of the same", outline(longer), { type: "extends" }],
    ["the same again", outline(talk), { type: "extends" }],
    ["another model", { ...outline(longer), model: "sha256:2" }, { type: "model_changed" }],
    [
      "other instructions",
      outline([system("Be brie!"), ...longer.slice(1)]),
      { type: "system_changed", byte: 7 },
    ],
    ["no instructions", outline(longer.slice(1)), { type: "system_changed", byte: 0 }],
    ["a tool more", outline(longer, { tools: [{ type: "function" }] }), { type: "tools_changed" }],
    ["no thinking", outline(longer, {}, { think: false }), { type: "manner_changed" }],
    [
      "an earlier message edited",
      outline([talk[0]!, user("Hi"), assistant("Helló"), ...longer.slice(3)]),
      { type: "messages_changed", message: 1, byte: 4 },
    ],
    [
      "a message left out",
      outline([talk[0]!, ...longer.slice(2)]),
      { type: "messages_changed", message: 0, byte: 0 },
    ],
    [
      "a call added",
      outline([
        talk[0]!,
        user("Hi"),
        { ...assistant("Hello"), toolCalls: [{ name: "f", arguments: {} }] },
        ...longer.slice(3),
      ]),
      { type: "messages_changed", message: 1, byte: 5 },
    ],
    ["a shorter conversation", outline(talk.slice(0, 2)), { type: "messages_changed", message: 1, byte: 0 }],
  ] as const)("%s", (_, now, difference) => {
    expect(compareOutlines(outline(talk), now)).toEqual(difference);
  });

  test("bytes are counted, not characters", () => {
    const at = compareOutlines(outline([user("añ€😀x")]), outline([user("añ€😀y")]));
    expect(at).toEqual({ type: "messages_changed", message: 0, byte: 10 });
  });
});

describe("diagnose", () => {
  const earlier: Earlier = { outline: outline(talk), salt: "", tokens: 1000, at: NOW };
  const answered = (more: Partial<AnsweredPrompt> = {}): AnsweredPrompt => ({
    outline: outline(longer),
    promptTokens: 1100,
    cachedTokens: 0,
    loadedAt: NOW - 1,
    report: { source: "none", reused: 0, miss: { reason: "new" } },
    ...more,
  });

  test("a prompt that nobody has sent before is new", () => {
    expect(diagnose(answered(), undefined)).toEqual({
      source: "none",
      cachedTokens: 0,
      missedTokens: 0,
      reason: "new",
    });
  });

  test("what came from the cache but for the opening of the answer is a hit", () => {
    const report = { source: "memory", reused: 990, miss: { reason: "differs", at: 990 } } as const;
    expect(diagnose(answered({ cachedTokens: 990, report }), earlier)).toEqual({
      source: "memory",
      cachedTokens: 990,
      missedTokens: 0,
      reason: "hit",
    });
  });

  test("what the client changed comes before what became of it", () => {
    const changed = outline([system("Be long."), ...longer.slice(1)]);
    expect(diagnose(answered({ outline: changed, cachedTokens: 3 }), earlier)).toMatchObject({
      reason: "system_changed",
      byte: 3,
      missedTokens: 997,
    });
  });

  test.each([
    [
      { reason: "evicted", at: 900, evictedAt: NOW, evictedBy: "memory_budget" },
      { reason: "evicted", evictedAt: NOW, evictedBy: "memory_budget" },
    ],
    [{ reason: "busy", at: 900 }, { reason: "busy" }],
    [{ reason: "no_checkpoint", at: 900 }, { reason: "no_checkpoint" }],
    [{ reason: "differs", at: 20 }, { reason: "template_moved" }],
  ] as const)("the same said again, and the engine says %j", (miss, expected) => {
    const report = { source: "none", reused: 20, miss } as const;
    expect(diagnose(answered({ cachedTokens: 20, report }), earlier)).toMatchObject({
      ...expected,
      missedTokens: 980,
    });
  });

  test("nothing from the cache is no hit, however short the earlier prompt was", () => {
    const short = { ...earlier, tokens: 12 };
    expect(diagnose(answered({ loadedAt: NOW + 1 }), short)).toMatchObject({
      reason: "unloaded",
      missedTokens: 12,
    });
  });

  test("a model that was loaded after the earlier prompt had been unloaded", () => {
    expect(diagnose(answered({ loadedAt: NOW + 1 }), earlier)).toMatchObject({
      reason: "unloaded",
      missedTokens: 1000,
    });
  });
});

describe("the history", () => {
  const prompt = (messages: Message[], more: Partial<Earlier> = {}): Earlier => ({
    outline: outline(messages),
    salt: "",
    tokens: 10,
    at: NOW,
    ...more,
  });

  test("finds the conversation that a prompt goes on with, of the same caller", () => {
    const history = new PromptHistory();
    const [mine, title, theirs] = [
      prompt(talk),
      prompt([user("A title, please")]),
      prompt(longer, { salt: "x" }),
    ];
    for (const each of [mine, title, theirs]) history.remember(each);
    expect(history.nearest(outline(longer), "")).toBe(mine);
    expect(history.nearest(outline(longer), "x")).toBe(theirs);
    expect(history.nearest(outline([user("Something else")]), "")).toBeUndefined();
  });

  test("finds an answer by its name, for its own caller", () => {
    const history = new PromptHistory();
    history.remember(prompt(talk, { id: "msg_1", salt: "x" }));
    expect(history.named("msg_1", "x")?.tokens).toBe(10);
    expect(history.named("msg_1", "")).toBeUndefined();
    expect(history.named("msg_2", "x")).toBeUndefined();
  });

  test("stays small", () => {
    const history = new PromptHistory();
    history.remember(prompt([user("first")], { id: "first" }));
    for (let i = 0; i < 30; i++) history.remember(prompt([user("x".repeat(1_000_000))], { id: `${i}` }));
    expect(history.named("first", "")).toBeUndefined();
    expect(history.named("29", "")).toBeDefined();
  });
});
