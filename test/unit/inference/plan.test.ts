import { describe, expect, test } from "bun:test";
import { planAnswer as planWith } from "../../../src/inference/plan.ts";
import type { ChatInput, CompletionInput, GenerateIntent } from "../../../src/intent/generate.ts";
import type { ResolvedModel } from "../../../src/models/catalog.ts";
import { fakeModel } from "../../support/fake-catalog.ts";
import { inlineJobs } from "../../support/inline-jobs.ts";

const planAnswer = (asked: GenerateIntent, model: ResolvedModel) => planWith(asked, model, inlineJobs());

const prompt = (fields: Partial<CompletionInput> = {}): CompletionInput => ({
  type: "completion",
  prompt: "hi",
  raw: false,
  images: [],
  ...fields,
});

const chat = (fields: Partial<ChatInput> = {}): ChatInput => ({
  type: "chat",
  messages: [{ role: "user", content: "hi" }],
  tools: [],
  ...fields,
});

const intent = (input: GenerateIntent["input"], fields: Partial<GenerateIntent> = {}): GenerateIntent => ({
  model: "test",
  input,
  options: {},
  truncate: true,
  debugRenderOnly: false,
  ...fields,
});

const full = "registry.ollama.ai/library/test:latest";

describe("capabilities", () => {
  test.each([
    [chat(), '"test" does not support chat'],
    [prompt(), '"test" does not support generate'],
    [prompt({ prompt: "" }), '"test" does not support generate'],
  ])("a model that only embeds: %#", async (input, message) => {
    const model = fakeModel("test", { capabilities: ["embedding"] });
    await expect(planAnswer(intent(input), model)).rejects.toThrow(message);
  });

  const images = ["aGk="];
  const tools = [{ type: "function" }];
  test.each([
    [chat({ tools }), `${full} does not support tools`],
    [prompt({ suffix: "x" }), `${full} does not support insert`],
    [prompt({ images }), `${full} does not support vision`],
    [
      chat({ messages: [{ role: "user", content: "", images }], tools }),
      `${full} does not support tools\nvision`,
    ],
  ])("a model that only completes: %#", async (input, message) => {
    await expect(planAnswer(intent(input), fakeModel("test"))).rejects.toThrow(
      expect.objectContaining({ status: 400, message }),
    );
  });

  test("a request that only loads the model needs none of them", async () => {
    await planAnswer(intent(prompt({ prompt: "", suffix: "x", images })), fakeModel("test"));
    await planAnswer(intent(chat({ messages: [], tools })), fakeModel("test"));
  });
});

test.each<Partial<CompletionInput>>([{ template: "t" }, { system: "s" }, { context: [1] }])(
  "raw conflicts with %j",
  async (fields) => {
    await expect(planAnswer(intent(prompt({ raw: true, ...fields })), fakeModel("test"))).rejects.toThrow(
      "raw mode does not support template, system, or context",
    );
  },
);

describe("thinking", () => {
  const thinker = fakeModel("test", { capabilities: ["completion", "thinking"] });
  const harmony = fakeModel("test", { ...thinker, details: { ...thinker.details, family: "gptoss" } });

  test.each([
    [thinker, undefined, true],
    [thinker, false, false],
    [thinker, "low", "low"],
    [thinker, "max", "max"],
    [harmony, "max", "high"],
    [fakeModel("test"), undefined, undefined],
    [fakeModel("test"), false, undefined],
  ] as const)("case %#", async (model, think, decided) => {
    const asked = intent(chat(), think === undefined ? {} : { think });
    expect((await planAnswer(asked, model)).think).toBe(decided);
  });

  test("a model that cannot think is not told to", async () => {
    await expect(planAnswer(intent(chat(), { think: true }), fakeModel("test"))).rejects.toThrow(
      '"test" does not support thinking',
    );
  });

  test("a model that cannot think, and is only asked to, answers without and says so", async () => {
    const ignored = { code: "ignored_field", message: "thinking ignored: the model cannot think" } as const;
    const asked = intent(chat(), { think: "high", thinkIfAble: true });
    expect(await planAnswer(asked, fakeModel("test"))).toMatchObject({
      think: undefined,
      notices: [ignored],
    });
    expect(await planAnswer(asked, thinker)).toMatchObject({ think: "high", notices: [] });
    expect((await planAnswer(intent(chat(), { think: false }), fakeModel("test"))).notices).toEqual([]);
  });
});

test("the context shifts unless the family's does not, or the request says so", async () => {
  const deepseek = fakeModel("test");
  deepseek.details.family = "deepseek2";
  expect((await planAnswer(intent(chat()), fakeModel("test"))).shift).toBe(true);
  expect((await planAnswer(intent(chat()), deepseek)).shift).toBe(false);
  expect((await planAnswer(intent(chat(), { shift: true }), deepseek)).shift).toBe(true);
});

test("PARAMETERs of the model are options; a wrong one is an error, not a default", async () => {
  const model = fakeModel("test", { parameters: { temperature: 0.3, penalize_newline: true } });
  expect((await planAnswer(intent(chat(), { options: { top_k: 1 } }), model)).sampling).toMatchObject({
    temperature: 0.3,
    topK: 1,
  });
  const broken = fakeModel("test", { parameters: { temperature: "hot" } });
  await expect(planAnswer(intent(chat()), broken)).rejects.toThrow(
    'option "temperature" must be of type float32',
  );
});

describe("a model that names a renderer and a parser", () => {
  const model = (fields: object) => fakeModel("test", { capabilities: ["completion", "tools"], ...fields });

  test("is read by the parser, whatever its template says", async () => {
    const named = model({ parser: "gemma4-no-thinking", template: "{{ .Prompt }}<tool_call>" });
    expect((await planAnswer(intent(chat()), named)).output.style.parser?.marks).toContain("<|tool_call>");
    expect((await planAnswer(intent(chat()), model({ parser: "harmony" }))).output.style.harmony).toBe(true);
  });

  test("is read by the request's own template, and raw is text", async () => {
    const named = model({ parser: "gemma4-no-thinking" });
    expect(
      (await planAnswer(intent(prompt({ template: "{{ .Prompt }}" })), named)).output.style.parser,
    ).toBeUndefined();
    expect((await planAnswer(intent(prompt({ raw: true })), named)).output.style.parser).toBeUndefined();
  });

  test("that there is not is told, and nothing is made up for it", async () => {
    await expect(planAnswer(intent(chat()), model({ parser: "qwen9" }))).rejects.toThrow(
      expect.objectContaining({ message: 'unknown parser "qwen9": a newer llamero may know it' }),
    );
  });
});
