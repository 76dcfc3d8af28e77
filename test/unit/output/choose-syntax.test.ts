import { expect, test } from "bun:test";
import { chooseSyntax } from "../../../src/output/choose-syntax.ts";
import { TOOLS } from "../../support/answer-samples.ts";
import { readPieces } from "../../support/read-parts.ts";

const oslo = { call: "get_weather", arguments: { city: "Oslo" } };

test.each([
  ["", "{", []],
  ["", "[{", []],
  ["<tool_call>", "<tool_call>", ["<tool_call>"]],
  ["<tool_call> … <function=name>", "<tool_call>", ["<function=", "<tool_call>"]],
  ["[TOOL_CALLS] [", "[TOOL_CALLS] [", ["[TOOL_CALLS]"]],
  ["<|python_tag|>", "{", ["<|python_tag|>"]],
  ["whatever", "<calls>", ["<calls>"]],
])("a template with %j that opens calls with %j", (template, tag, opens) => {
  const { reads } = chooseSyntax(template, tag);
  const found = new Set(reads.filter(({ lineStart }) => !lineStart).flatMap((syntax) => syntax.opens));
  expect([...found]).toEqual(opens);
});

const read = (tag: string, answer: string) =>
  readPieces({ harmony: false, calls: chooseSyntax("", tag), thinking: undefined }, [...answer], {
    tools: TOOLS,
  });

test.each([
  ["<calls>", '<calls>[{"name": "get_weather", "arguments": {"city": "Oslo"}}]</calls> ok', [oslo, "ok"]],
  ["<|use|>", 'Hm <|use|>{"get_weather": {"city": "Oslo"}}', ["Hm", oslo]],
  ["<|use|>functions.", '<|use|>functions.get_weather:0<|args|>{"city": "Oslo"}', [oslo]],
  ["<|use|>", "<|use|>nothing\n\nmore", [{ broken: "<|use|>nothing\n\n" }, "more"]],
])("the tag %j is inferred", (tag, answer, parts) => {
  expect<unknown>(read(tag, answer)).toEqual(parts);
});
