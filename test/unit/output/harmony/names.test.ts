import { expect, test } from "bun:test";
import { HarmonyNames } from "../../../../src/output/harmony/names.ts";
import { harmonyPrefill } from "../../../../src/output/harmony/reader.ts";

const tool = (name: string) => ({ type: "function", function: { name } });

test.each([
  [
    ["get weather", "a-b.c"],
    ["get_weather", "a_b_c"],
  ],
  [
    ["a/b!", "é$"],
    ["ab", "é$"],
  ],
  [
    ["!", "?"],
    ["unnamed", "unnamed_2"],
  ],
  [["1st"], ["_1st"]],
  [
    ["a-b", "a.b", "a_b"],
    ["a_b", "a_b_2", "a_b_3"],
  ],
  [
    ["browser.search", "python"],
    ["browser.search", "python"],
  ],
])("%j", (own, safe) => {
  const names = new HarmonyNames(own.map(tool));
  expect(own.map((name) => names.safe(name))).toEqual(safe);
  expect(safe.map((name) => names.own(name))).toEqual(own);
  expect(names.tools(own.map(tool))).toEqual(safe.map(tool));
});

test("a history's calls and results go by the same names", () => {
  const names = new HarmonyNames([tool("a-b")]);
  const call = { id: "1", name: "a-b", arguments: {} };
  expect(
    names.messages([
      { role: "assistant", content: "", toolCalls: [call] },
      { role: "tool", content: "x", toolName: "a-b" },
      { role: "user", content: "hi" },
    ]),
  ).toEqual([
    { role: "assistant", content: "", toolCalls: [{ ...call, name: "a_b" }] },
    { role: "tool", content: "x", toolName: "a_b" },
    { role: "user", content: "hi" },
  ]);
});

test.each([
  ["<|start|>assistant", ""],
  ["<|channel|>final<|message|>no start", ""],
  ["<|start|>assistant<|channel|>analysis<|message|>so", "<|channel|>analysis"],
  ["<|start|>assistant<|channel|>final<|message|>x<|end|><|start|>assistant", ""],
  ["<|start|>assistant<|channel|>final<|message|>x<|end|>", ""],
])("what the prompt %j has begun", (prompt, begun) => {
  expect(harmonyPrefill(prompt)).toBe(begun);
});
