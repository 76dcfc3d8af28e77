import { describe, expect, test } from "bun:test";
import { answerReader } from "../../../src/output/answer-reader.ts";
import { SAMPLES, TOOLS } from "../../support/answer-samples.ts";
import { cutAt, readPieces, readSample, styleOf } from "../../support/read-parts.ts";

describe.each(SAMPLES.map((sample) => [`${sample.template || "no tag"}: ${sample.what}`, sample] as const))(
  "%s",
  (_, sample) => {
    test("in one piece", () => {
      expect(readSample(sample, [sample.answer])).toEqual(sample.parts);
    });

    test("cut anywhere", () => {
      for (let at = 0; at <= sample.answer.length; at++) {
        expect([at, readSample(sample, cutAt(sample.answer, [at]))]).toEqual([at, sample.parts]);
      }
      expect(readSample(sample, [...sample.answer])).toEqual(sample.parts);
    });
  },
);

describe("thinking", () => {
  const style = styleOf(
    "{{ range .Messages }}{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ end }}<tool_call>",
  );
  const answer = '<think>\nHm\n</think>\n\nHi <tool_call>{"name": "now"}</tool_call>';
  const read = (text: string, options: object) => readPieces(style, [...text], { think: true, ...options });

  test("comes before text and calls", () => {
    expect(read(answer, {})).toEqual([{ thinking: "Hm\n" }, "Hi", { call: "now", arguments: {} }]);
  });

  test("is told from text without tools", () => {
    expect(read(answer, { tools: [] })).toEqual([
      { thinking: "Hm\n" },
      'Hi <tool_call>{"name": "now"}</tool_call>',
    ]);
  });

  test("may have been opened by the prompt", () => {
    expect(read("Hm</think>Hi", { prompt: "…<think>\n" })).toEqual([{ thinking: "Hm" }, "Hi"]);
  });

  test("that is cut off stays thinking", () => {
    expect(read("<think>Hm </th", {})).toEqual([{ thinking: "Hm </th" }]);
  });

  test("is text when it is not wanted", () => {
    expect(read("<think>Hm</think>Hi", { think: false, tools: [] })).toEqual(["<think>Hm</think>Hi"]);
  });
});

test("Harmony goes on where the prompt has begun a message", () => {
  const style = styleOf("<|start|><|channel|><|message|>");
  const read = (begun: string) =>
    readPieces(style, ["x<|end|>"], { prompt: `<|start|>user<|message|>q<|end|><|start|>assistant${begun}` });
  expect(read("<|channel|>analysis<|message|>so ")).toEqual([{ thinking: "x" }]);
  expect(read("<|channel|>final<|message|>so ")).toEqual(["x"]);
});

test("Harmony gives calls the client's names", () => {
  const style = styleOf("<|start|><|channel|><|message|>");
  const tools = [{ type: "function", function: { name: "my-tool.x" } }];
  const answer = "<|channel|>commentary to=functions.my_tool_x<|message|>{}";
  expect(readPieces(style, [answer], { tools })).toEqual([{ call: "my-tool.x", arguments: {} }]);
});

describe("what goes out when", () => {
  const steps = (template: string, pieces: string[]) => {
    const reader = answerReader(styleOf(template), { tools: TOOLS, think: undefined, prompt: "" })!;
    return pieces.map((piece) => [
      reader.push(piece).map((part) => ("text" in part ? part.text : part.call.name)),
      reader.held,
    ]);
  };

  test("text streams, a call comes as soon as it is complete", () => {
    expect(steps("<tool_call>", ["Hi", " <tool", "_call>", '{"name": "now"', "}", "</tool_call>"])).toEqual([
      [["Hi"], 0],
      [[], 6],
      [[], 12],
      [[], 26],
      [["now"], 0],
      [[], 12],
    ]);
  });

  test("each call of a list comes by itself", () => {
    expect(steps("[TOOL_CALLS]", ['[TOOL_CALLS][{"name": "now"}', ', {"name": "now"}', "]"])).toEqual([
      [["now"], 0],
      [["now"], 0],
      [[], 1],
    ]);
  });

  test("JSON that is no call streams", () => {
    expect(steps("", ['{"answer": ', "[1, ", "2]}"])).toEqual([
      [['{"answer":'], 1],
      [[" [1,"], 1],
      [[" 2]}"], 0],
    ]);
  });
});
