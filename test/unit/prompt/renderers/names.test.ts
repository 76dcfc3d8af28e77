import { describe, expect, test } from "bun:test";
import type { Message } from "../../../../src/intent/message.ts";
import {
  finalRenderer,
  isRenderer,
  RENDERER_NAMES,
  renderByName,
} from "../../../../src/prompt/renderers/index.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { recordedRenderers } from "../../../support/renderer-golden.ts";

const clock = new FakeClock();
const render = (name: string, messages: Message[], addsBos = false) =>
  renderByName(name, { messages, tools: [], think: undefined, clock }, addsBos);
const HELLO: Message[] = [{ role: "user", content: "Hello" }];

test("there is a renderer for every name that was recorded, and gemma4 stands for two", () => {
  expect(RENDERER_NAMES).toEqual([...recordedRenderers(), "gemma4"].sort());
  expect(isRenderer("constructor")).toBe(false);
  expect(render("constructor", HELLO)).toBeUndefined();
});

test.each([
  ["", "31.3B", "gemma4-large"],
  ["", "12B", "gemma4-large"],
  ["", "5.1B", "gemma4-small"],
  ["", "", "gemma4-small"],
  ["gemma4:e4b", "31.3B", "gemma4-small"],
])("gemma4 named %j with %j parameters is %s", (shortName, parameterSize, renderer) => {
  const size = { shortName, fullName: `registry.example/library/${shortName}`, parameterSize };
  expect(finalRenderer("gemma4", size)).toBe(renderer);
  expect(finalRenderer("lfm2", size)).toBe("lfm2");
});

test("the BOS token in front is cut off where the tokenizer adds one", () => {
  const BOS: Record<string, string> = {
    cogito: "<｜begin▁of▁sentence｜>",
    "deepseek3.1": "<｜begin▁of▁sentence｜>",
    "gemma4-small": "<bos>",
    "gemma4-large": "<bos>",
    functiongemma: "<bos>",
    lfm2: "<|startoftext|>",
    "lfm2-thinking": "<|startoftext|>",
    laguna: "〈|EOS|〉",
    "poolside-v1": "〈|EOS|〉",
    glimmer: "<|begin_of_text|>",
  };
  for (const name of recordedRenderers()) {
    const whole = render(name, HELLO)!;
    const bos = BOS[name] ?? "";
    expect([name, whole.startsWith(bos), render(name, HELLO, true)]).toEqual([
      name,
      true,
      whole.slice(bos.length),
    ]);
  }
});

describe("markers of images", () => {
  const shown = (content: string, images: string[] = ["a"]) =>
    render("qwen3-vl-instruct", [{ role: "user", content, images }])!.slice(
      "<|im_start|>user\n".length,
      -"<|im_end|>\n<|im_start|>assistant\n".length,
    );

  test.each<[string, string[], string]>([
    ["What?", ["a"], "[img-0] What?"],
    ["What?", ["a", "b"], "[img-0][img-1] What?"],
    [" What?", ["a"], "[img-0] What?"],
    ["", ["a"], "[img-0]"],
    ["Is [img] like [img]?", ["a", "b"], "Is [img-0] like [img-1]?"],
    ["Is [img] it?", ["a", "b"], "[img-1] Is [img-0] it?"],
    ["[img-7] it?", ["a"], "[img-7] it?"],
    ["No [img] here", [], "No [img] here"],
  ])("%j with %j", (content, images, text) => {
    expect(shown(content, images)).toBe(text);
  });

  test("count over the conversation, and over what a client has marked itself", () => {
    const messages: Message[] = [
      { role: "user", content: "[img-0] one", images: ["a"] },
      { role: "assistant", content: "ok" },
      { role: "user", content: "two", images: ["b"] },
    ];
    expect(render("lfm2", messages)).toContain("[img-1] two");
  });

  test("families without pictures have none", () => {
    expect(render("glm-4.7", [{ role: "user", content: "x", images: ["a"] }])).not.toContain("[img");
  });
});

describe("what Qwen 3.8 refuses", () => {
  test.each<[Message[], string]>([
    [[], "no messages provided"],
    [[{ role: "system", content: "x" }], "no user query found in messages"],
    [[{ role: "user", content: "<tool_response>x</tool_response>" }], "no user query found in messages"],
    [[{ role: "system", content: "x", images: ["a"] }, ...HELLO], "system message cannot contain images"],
  ])("%j", (messages, message) => {
    expect(() => render("qwen3.8", messages)).toThrow(expect.objectContaining({ status: 400, message }));
  });
});

test("Qwen 3.8 answers results whose question has been dropped", () => {
  const call = { name: "f", arguments: {} };
  const messages: Message[] = [
    { role: "assistant", content: "", toolCalls: [call] },
    { role: "tool", content: "4" },
  ];
  expect(render("qwen3.8", messages)).toContain("<tool_response>\n4\n</tool_response>");
});

test("Nemotron's switch is no part of the end of a thought", () => {
  expect(render("nemotron-3-nano", [{ role: "user", content: "Why </think>?" }])).toContain(
    "user\nWhy </think>?<",
  );
  expect(render("nemotron-3-nano", [{ role: "user", content: "Why? /think" }])).toContain("user\nWhy?<");
});
