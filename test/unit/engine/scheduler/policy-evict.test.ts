import { expect, test } from "bun:test";
import { chooseVictim } from "../../../../src/engine/scheduler/policy.ts";

const model = (name: string, lastUsed: number, keepAlive = 300_000) => ({ name, lastUsed, keepAlive });

test.each([
  ["nothing to choose from", [], undefined],
  ["the least recently used", [model("a", 3), model("b", 1), model("c", 2)], "b"],
  ["whatever its keep-alive", [model("a", 3, 1000), model("b", 1, 900_000)], "b"],
  ["a pinned one last", [model("a", 1, Number.POSITIVE_INFINITY), model("b", 2)], "b"],
  [
    "a pinned one when there is no other",
    [model("a", 2, Number.POSITIVE_INFINITY), model("b", 1, Number.POSITIVE_INFINITY)],
    "b",
  ],
  ["one that goes anyway first", [model("a", 1), model("b", 2, 0)], "b"],
])("%s", (_, candidates, expected) => {
  expect(chooseVictim(candidates)?.name).toBe(expected);
});
