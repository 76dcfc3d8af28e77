import { expect, test } from "bun:test";
import { familyOf } from "../../../src/models/families.ts";

const ordinary = familyOf("llama");

test("an unknown family is ordinary, whatever its name inherits", () => {
  expect(ordinary).toEqual({ harmony: false, shifts: true, forgetsThinking: false, rankScores: "logit" });
  expect(familyOf("constructor", "toString:latest")).toEqual(ordinary);
});

test.each([
  ["gpt-oss", "m", { harmony: true, windowPattern: 2 }],
  ["gptoss", "m", { harmony: true, windowPattern: 2 }],
  ["deepseek2", "m", { shifts: false }],
  ["qwen3", "m", { forgetsThinking: true, rankScores: "probability" }],
  ["qwen2", "deepseek-r1:7b", { forgetsThinking: true }],
  ["llama", "me/deepseek-r1:8b", { forgetsThinking: true }],
  ["llama", "deepseek-r1-like:latest", {}],
])("%s as %s", (architecture, name, special) => {
  expect(familyOf(architecture, name)).toEqual({ ...ordinary, ...special } as typeof ordinary);
});
