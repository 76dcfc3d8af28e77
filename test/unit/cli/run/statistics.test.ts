import { expect, test } from "bun:test";
import { statisticsText } from "../../../../src/cli/run/statistics.ts";

test("every line, as Ollama aligns them", () => {
  expect(
    statisticsText({
      total_duration: 1_900_000_000,
      load_duration: 61_000_000,
      prompt_eval_count: 5,
      prompt_eval_duration: 12_500_000,
      eval_count: 4,
      eval_duration: 50_000_000,
    }),
  ).toBe(
    [
      "total duration:       1.9s",
      "load duration:        61ms",
      "prompt eval count:    5 token(s)",
      "prompt eval duration: 12.5ms",
      "prompt eval rate:     400.00 tokens/s",
      "eval count:           4 token(s)",
      "eval duration:        50ms",
      "eval rate:            80.00 tokens/s",
      "",
    ].join("\n"),
  );
});

test("nothing about what is zero", () => {
  expect(statisticsText({ total_duration: 1 })).toBe("total duration:       1ns\n");
});
