import { describe, expect, test } from "bun:test";
import { Budget } from "../../../src/lib/budget.ts";
import { answerGrammarJob } from "../../../src/output/constraint/grammar-job.ts";
import {
  checkToolChoice,
  type ModelOutput,
  type OutputRequest,
  planOutput,
} from "../../../src/output/model-output.ts";
import { answerFormat } from "../../../src/prompt/render.ts";

const tool = (name: string) => ({ type: "function", function: { name, parameters: { type: "object" } } });
const HERMES = "{{ .Tools }}<tool_call>{{ .Messages }}";

const planned = (request: Partial<OutputRequest>): Promise<ModelOutput> =>
  planOutput(
    { source: answerFormat({ template: HERMES }), think: undefined, tools: [], ...request },
    { grammar: async (job) => answerGrammarJob(job, new Budget()) },
  );

describe("how an answer is demanded and read", () => {
  test("without tools and thinking nothing is read and nothing demanded", async () => {
    const output = await planned({});
    expect(output.reader("")).toBeUndefined();
    expect(output.grammar).toBeUndefined();
    expect(output.marks).toEqual([]);
  });

  test("with tools the answer is read for calls, in the template's syntax", async () => {
    const output = await planned({ tools: [tool("f")] });
    const reader = output.reader("")!;
    const parts = [...reader.push('<tool_call>{"name": "f", "arguments": {}}</tool_call>'), ...reader.end()];
    expect(parts).toEqual([{ type: "tool_call", call: { name: "f", arguments: {} } }]);
    expect(output.marks).toContain("<tool_call>");
  });

  test("a format becomes a grammar, and what it cannot hold a warning", async () => {
    const schema = { type: "object", properties: { a: { type: "string", format: "color" } } };
    const output = await planned({ format: { type: "schema", schema } });
    expect(output.grammar?.("")).toContain("root ::=");
    expect(output.warnings.join()).toContain('"format" "color"');
  });

  test("harmony knows tools by names of its own, in the prompt as in what it calls", async () => {
    const output = await planned({ source: { parser: "harmony" }, tools: [tool("my tool")] });
    const [, tools] = output.named([], [tool("my tool")]);
    expect(tools.map((each) => each.function)).toEqual([{ name: "my_tool", parameters: { type: "object" } }]);
    expect(output.opening("")).toBe("<|channel|>final<|message|>");
  });
});

test("a call can be demanded only of a tool that the request has", () => {
  expect(() => checkToolChoice("required", [])).toThrow('tool_choice "required" needs tools');
  expect(() => checkToolChoice({ name: "g" }, [tool("f")])).toThrow('tool_choice names "g"');
  expect(() => checkToolChoice({ name: "f" }, [tool("f")])).not.toThrow();
  expect(() => checkToolChoice("auto", [])).not.toThrow();
});
