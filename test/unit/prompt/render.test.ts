import { describe, expect, test } from "bun:test";
import type { CompletionInput, Think } from "../../../src/intent/generate.ts";
import type { Message, ToolDefinition } from "../../../src/intent/message.ts";
import { OverBudget } from "../../../src/lib/budget.ts";
import { AppError } from "../../../src/lib/errors.ts";
import type { PromptModel } from "../../../src/prompt/prompt-model.ts";
import {
  answerFormat,
  chatPlan,
  completionPlan,
  promptFormat,
  type RenderedText,
  type RenderOptions,
  renderJob,
} from "../../../src/prompt/render.ts";
import { noon } from "./jinja/noon.ts";
import {
  CHATML,
  DEAF,
  DROPS_SYSTEM,
  ONE_SYSTEM,
  PARTS,
  STRICT,
  TOOLS,
  TOOLS_REQUIRED,
} from "./jinja/templates.ts";

const bare: PromptModel = {
  messages: [],
  bosToken: "<s>",
  eosToken: "</s>",
  addsBos: true,
  family: "llama",
  shortName: "test:latest",
};
const say = (role: string, content: string, more: Partial<Message> = {}): Message => ({
  role,
  content,
  ...more,
});
const ask = say("user", "U");
/** A chat request as text, nothing dropped. */
function renderChat(...asked: Parameters<typeof chatPlan>): RenderedText {
  const plan = chatPlan(...asked);
  return renderJob(plan.job(plan.messages));
}

/** A generate request as text, nothing dropped. */
function renderCompletion(model: PromptModel, input: CompletionInput, options: RenderOptions): RenderedText {
  const plan = completionPlan(model, input, options);
  return renderJob(plan.job(plan.messages));
}

const chat = (
  model: Partial<PromptModel>,
  messages: Message[],
  tools: ToolDefinition[] = [],
  think?: Think,
): string =>
  renderChat({ ...bare, ...model }, messages, tools, { clock: noon, ...(think !== undefined && { think }) })
    .text;
const tool = { type: "function", function: { name: "f", parameters: { properties: { b: {}, a: {} } } } };
const call = say("assistant", "", { toolCalls: [{ name: "f", arguments: { b: 1 } }] });

describe("choice of template", () => {
  test.each([
    [
      { template: "T", chatTemplate: "J" },
      { type: "go", text: "T" },
    ],
    [
      { template: "", chatTemplate: "J" },
      { type: "jinja", text: "J" },
    ],
    [{ chatTemplate: "J" }, { type: "jinja", text: "J" }],
    [
      { template: "", chatTemplate: "" },
      { type: "go", text: "{{ .Prompt }}" },
    ],
    [{}, { type: "go", text: "{{ .Prompt }}" }],
  ] as const)("%j", (model, expected) => {
    expect(promptFormat(model)).toEqual(expected);
  });

  test("each renders a chat", () => {
    expect(chat({ template: "<{{ .Prompt }}>", chatTemplate: CHATML }, [ask])).toBe("<U>");
    expect(chat({ chatTemplate: CHATML }, [ask])).toBe(
      "<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n",
    );
    expect(chat({}, [say("system", "S"), ask])).toBe("U");
  });

  test("what reading the answer needs", () => {
    const calls = "{{ if .ToolCalls }}[C]{{ end }}";
    const thinking = "{{ if .Thinking }}<t>{{ .Thinking }}</t>{{ end }}";
    const withCalls = `{{ range .Messages }}${calls}{{ end }}`;
    expect(answerFormat({ template: withCalls })).toEqual({
      template: withCalls,
      toolCallTag: "[C]",
      thinking: undefined,
    });
    const withThinking = `{{ range .Messages }}${thinking}{{ end }}`;
    expect(answerFormat({ template: withThinking })).toEqual({
      template: withThinking,
      toolCallTag: "{",
      thinking: { open: "<t>", close: "</t>" },
    });
    expect(answerFormat({ chatTemplate: TOOLS })).toEqual({
      template: TOOLS,
      toolCallTag: "<tool_call>",
      thinking: { open: "<think>", close: "</think>" },
    });
    expect(answerFormat({})).toEqual({
      template: "{{ .Prompt }}",
      toolCallTag: "{",
      thinking: undefined,
    });
    expect(answerFormat({ template: withCalls, renderer: "qwen3-coder" })).toBeUndefined();
  });
});

describe("jinja", () => {
  test("tools, calls with their results, thinking; BOS left to the tokenizer", () => {
    const messages = [
      ask,
      say("assistant", "A", { thinking: "T" }),
      ask,
      call,
      say("tool", "4", { toolName: "f" }),
    ];
    const expected =
      '<tools>{"type": "function", "function": {"name": "f", "parameters": {"properties": {"b": {}, "a": {}}}}}</tools>' +
      "<user>U<assistant><think>T</think>A</s><user>U" +
      '<assistant><tool_call>{"name": "f", "arguments": {"b": 1}}</tool_call></s>' +
      "<result id=call00000 name=f>4<assistant>";
    expect(chat({ chatTemplate: TOOLS }, messages, [tool])).toBe(expected);
    expect(chat({ chatTemplate: TOOLS, addsBos: false }, messages, [tool])).toBe(`<s>${expected}`);
  });

  test.each<[Think | undefined, string]>([
    [undefined, "<assistant>"],
    [true, "<assistant>"],
    [false, "<assistant><think></think>"],
    ["high", "<assistant>(high)"],
  ])("think %p", (think, end) => {
    expect(chat({ chatTemplate: TOOLS }, [ask], [], think)).toBe(`<user>U${end}`);
  });

  test.each([
    ["chatml", CHATML, " prefill ", "<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n prefill "],
    ["an empty one", CHATML, "", "<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n"],
    ["end-of-sequence after it", TOOLS, "A", "<user>U<assistant>A"],
    ["trimmed by the template", STRICT, "A ", "<user>U</user><model>A "],
    ["not printed by the template", DEAF, "A", "<user>U<assistant>A"],
    ["in parts", PARTS, "A", "<user>U</user><assistant>A"],
  ])("prefill: %s", (_, chatTemplate, content, expected) => {
    expect(chat({ chatTemplate }, [ask, say("assistant", content)])).toBe(expected);
  });

  test("a last message with tool calls is no prefill", () => {
    expect(chat({ chatTemplate: TOOLS }, [ask, call])).toEndWith("</tool_call></s><assistant>");
  });

  test("no system role: merged into the next message", () => {
    expect(chat({ chatTemplate: STRICT, system: "S" }, [ask])).toBe("<user>S\nU</user><model>");
  });

  test("a template that wants a list of tools gets one", () => {
    expect(chat({ chatTemplate: TOOLS_REQUIRED }, [ask])).toBe("<user>U");
  });

  test("what the template refuses is a 400 with its words", () => {
    const run = () =>
      chat({ chatTemplate: STRICT }, [
        ask,
        say("assistant", "A", { thinking: "T" }),
        say("assistant", "B"),
        ask,
      ]);
    expect(run).toThrow(new AppError("bad_request", "Conversation roles must alternate user/assistant"));
  });

  test.each<[string, string, Message[], string]>([
    [
      "two questions",
      STRICT,
      [ask, say("user", "V"), say("assistant", "A"), ask],
      "<user>U\n\nV</user><model>A</model><user>U</user><model>",
    ],
    [
      "rules between turns, no system role",
      STRICT,
      [say("system", "R"), ask, say("assistant", "A"), say("system", "S"), ask],
      "<user>R\n\nS\nU</user><model>A</model><user>U</user><model>",
    ],
    [
      "an answer first",
      STRICT,
      [say("assistant", "A"), ask],
      "<user></user><model>A</model><user>U</user><model>",
    ],
    [
      "two rules in front",
      ONE_SYSTEM,
      [say("system", "R"), say("system", "S"), ask],
      "<system>R\n\nS<user>U<assistant>",
    ],
    [
      "a rule between turns",
      ONE_SYSTEM,
      [say("system", "R"), ask, say("assistant", "A"), say("system", "S"), ask],
      "<system>R\n\nS<user>U<assistant>A<user>U<assistant>",
    ],
    ["a rule behind a question", ONE_SYSTEM, [ask, say("system", "S")], "<system>S<user>U<assistant>"],
    [
      "a rule that would be lost",
      DROPS_SYSTEM,
      [ask, say("assistant", "A"), say("system", "S"), ask],
      "<system>S<user>U<assistant>A<user>U<assistant>",
    ],
    [
      "nothing but calls and results",
      ONE_SYSTEM,
      [call, say("tool", "4", { toolName: "f" })],
      "<user><assistant>[f]<tool>4<assistant>",
    ],
    ["nothing but a rule", ONE_SYSTEM, [say("system", "S")], "<system>S<user><assistant>"],
    [
      "a rule, calls and results",
      ONE_SYSTEM,
      [say("system", "R"), call, say("tool", "4"), say("system", "S")],
      "<system>R\n\nS<user><assistant>[f]<tool>4<assistant>",
    ],
    [
      "a developer's rule, which the template does not know",
      DROPS_SYSTEM,
      [say("developer", "R"), ask],
      "<system>R<user>U<assistant>",
    ],
    [
      "two rules, a template that takes any",
      CHATML,
      [say("system", "R"), ask, say("system", "S")],
      "<|im_start|>system\nR<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>system\nS<|im_end|>\n<|im_start|>assistant\n",
    ],
  ])("brought into a form that the template takes: %s", (_, chatTemplate, messages, expected) => {
    expect(chat({ chatTemplate }, messages)).toBe(expected);
  });

  test("a prefill stays the end of what is brought into form", () => {
    const messages = [say("system", "R"), ask, say("system", "S"), say("assistant", "so")];
    expect(chat({ chatTemplate: ONE_SYSTEM }, messages)).toBe("<system>R\n\nS<user>U<assistant>so");
  });
});

describe("completion", () => {
  const input: CompletionInput = { type: "completion", prompt: "P", raw: false, images: [] };
  const complete = (model: Partial<PromptModel>, changes: Partial<CompletionInput>): string =>
    renderCompletion({ ...bare, ...model }, { ...input, ...changes }, { clock: noon }).text;
  const turn = "{{ with .System }}[{{ . }}]{{ end }}<{{ .Prompt }}>{{ .Response }}";
  const fill = "{{ if .Suffix }}<P>{{ .Prompt }}<S>{{ .Suffix }}<M>{{ else }}{{ .Prompt }}{{ end }}";
  const examples = [say("user", "M1"), say("assistant", "M2")];

  test.each<[string, Partial<PromptModel>, Partial<CompletionInput>, string]>([
    ["plain", {}, {}, "P"],
    ["the model's system", { template: turn, system: "S" }, {}, "[S]<P>"],
    ["the request's system", { template: turn, system: "S" }, { system: "R" }, "[R]<P>"],
    ["an empty system is none given", { template: turn, system: "S" }, { system: "" }, "[S]<P>"],
    ["the model's messages", { template: turn, messages: examples }, {}, "<M1>M2<P>"],
    ["not with a context", { template: turn, messages: examples }, { context: [1] }, "<P>"],
    [
      "the request's template",
      { template: turn, chatTemplate: CHATML, system: "S" },
      { template: "T {{ .System }} {{ .Prompt }}" },
      "T S P",
    ],
    ["a suffix", { template: fill }, { suffix: "X" }, "<P>P<S>X<M>"],
    ["a suffix in the request's template", {}, { template: fill, suffix: "X" }, "<P>P<S>X<M>"],
    ["an empty suffix", { template: fill }, { suffix: "" }, "P"],
    [
      "raw",
      { template: turn, chatTemplate: CHATML, system: "S" },
      { raw: true, prompt: "<s>verbatim" },
      "verbatim",
    ],
    [
      "jinja",
      { chatTemplate: CHATML, system: "S" },
      {},
      "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nP<|im_end|>\n<|im_start|>assistant\n",
    ],
    ["BOS in a Go template", { template: "<s>{{ .Prompt }}" }, {}, "P"],
    ["BOS in the request's template", {}, { template: "<s>{{ .Prompt }}" }, "P"],
    ["BOS twice", { template: "<s><s>{{ .Prompt }}" }, {}, "P"],
    ["BOS in the middle of a raw prompt", {}, { raw: true, prompt: "<s>P<s>" }, "P<s>"],
    ["BOS that the tokenizer does not add", { template: "<s>{{ .Prompt }}", addsBos: false }, {}, "<s>P"],
    ["no BOS in the vocabulary", { template: "<s>{{ .Prompt }}", bosToken: "" }, {}, "<s>P"],
    ["no tools", { template: "{{ .Tools }}{{ range .Messages }}{{ .Content }}{{ end }}" }, {}, "[]P"],
  ])("%s", (_, model, changes, expected) => {
    expect(complete(model, changes)).toBe(expected);
  });

  test("generate renders what chat renders", () => {
    expect(complete({ chatTemplate: TOOLS, system: "S" }, {})).toBe(
      chat({ chatTemplate: TOOLS, system: "S" }, [say("user", "P")]),
    );
  });

  test("only a prompt made like a chat can lose messages", () => {
    const messagesOf = (changes: Partial<CompletionInput>) =>
      completionPlan({ ...bare, messages: examples }, { ...input, ...changes }, { clock: noon }).messages
        .length;
    expect([
      messagesOf({}),
      messagesOf({ raw: true }),
      messagesOf({ suffix: "x" }),
      messagesOf({ template: "x" }),
    ]).toEqual([3, 0, 0, 0]);
  });

  test.each([
    [
      "no place for a suffix",
      { template: turn },
      { suffix: "X" },
      400,
      "test:latest does not support insert",
    ],
    [
      "a suffix and only a GGUF template",
      { chatTemplate: CHATML },
      { suffix: "X" },
      400,
      "test:latest does not support insert",
    ],
    ["a template that does not parse", {}, { template: "{{ .Prompt" }, 500, "template: :1: unclosed action"],
    [
      "a function that is not there",
      {},
      { template: "{{ foo }}" },
      500,
      'template: :1: function "foo" not defined',
    ],
    [
      "a template that fails",
      {},
      { template: "{{ .Prompt.Text }}" },
      500,
      'template: :1:10: executing "" at <.Prompt.Text>: can\'t evaluate field Text in type interface {}',
    ],
    [
      "the model's template fails",
      { template: "{{ len 1 }}" },
      {},
      500,
      'template: :1:3: executing "" at <len 1>: error calling len: len of type int',
    ],
  ])("%s", (_, model, changes, status, message) => {
    try {
      complete(model, changes);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ status, message });
    }
  });

  test("images are counted, and the count follows what is kept", () => {
    const pictures = [say("user", "a", { images: ["1", "2"] }), say("user", "b", { images: ["3"] })];
    expect(renderChat({ ...bare }, pictures, [], { clock: noon }).images).toBe(3);
    expect(renderCompletion(bare, { ...input, images: ["1"], raw: true }, { clock: noon }).images).toBe(1);
  });
});

describe("a renderer", () => {
  const named = {
    ...bare,
    renderer: "qwen3-coder",
    template: "{{ .Prompt }}|{{ .Suffix }}",
    chatTemplate: CHATML,
  };
  const completion = (fields: Partial<CompletionInput>): string =>
    renderCompletion(
      named,
      { type: "completion", prompt: "P", raw: false, images: [], ...fields },
      { clock: noon },
    ).text;

  test("goes before every template, in a chat as in a completion", () => {
    const prompt = (text: string) => `<|im_start|>user\n${text}<|im_end|>\n<|im_start|>assistant\n`;
    expect(chat(named, [ask])).toBe(prompt("U"));
    expect(completion({})).toBe(prompt("P"));
    expect(completion({ system: "S" })).toBe(`<|im_start|>system\nS<|im_end|>\n${prompt("P")}`);
  });

  test("has no part in what is raw, has a gap, or brings its own template", () => {
    expect(completion({ raw: true })).toBe("P");
    expect(completion({ suffix: "S" })).toBe("P|S");
    expect(completion({ template: "<{{ .Prompt }}>" })).toBe("<P>");
  });

  test("pays for what it writes", () => {
    const content = "x".repeat(60_000_000);
    expect(() => chat({ ...named, messages: [say("user", content), say("user", content)] }, [ask])).toThrow(
      OverBudget,
    );
    const many = Array.from({ length: 300_000 }, (_, at) => at);
    const big = {
      type: "function",
      function: { name: "f", parameters: { enum: [many, many, many, many, many, many, many] } },
    };
    expect(() => chat(named, [ask], [big])).toThrow(OverBudget);
  });

  test("that there is not is told", () => {
    expect(() => chat({ ...named, renderer: "qwen9" }, [ask])).toThrow(
      expect.objectContaining({
        kind: "internal",
        message: 'unknown renderer "qwen9": a newer llamero may know it',
      }),
    );
  });
});
