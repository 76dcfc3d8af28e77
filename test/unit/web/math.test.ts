import { expect, test } from "bun:test";
import { divideMath } from "../../../src/web/markdown/math.ts";
import { similarity } from "../../../src/web/try/similarity.ts";

const formula = (text: string, display = false) => ({ formula: text, display });

test.each<[string, object[]]>([
  ["a $x^2$ b", [{ text: "a " }, formula("x^2"), { text: " b" }]],
  ["\\(x\\) and \\[y\\]", [formula("x"), { text: " and " }, formula("y", true)]],
  ["$$\na\n$$", [formula("a", true)]],
  ["it costs $5 or $6", [{ text: "it costs $5 or $6" }]],
  ["`$x$` and ```\n$y$\n```", [{ text: "`$x$` and ```\n$y$\n```" }]],
  ["open ```\n$y$ still", [{ text: "open ```\n$y$ still" }]],
])("%j", (markdown, pieces) => {
  expect(divideMath(markdown)).toEqual(pieces as never);
});

test("similarity", () => {
  expect(similarity([1, 0], [2, 0])).toBe(1);
  expect(similarity([1, 0], [0, 3])).toBe(0);
  expect(similarity([0, 0], [1, 1])).toBe(0);
});
