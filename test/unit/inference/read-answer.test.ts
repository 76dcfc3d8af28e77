import { expect, test } from "bun:test";
import { HeldLogprobs } from "../../../src/inference/read-answer.ts";

const score = (token: string) => [{ token, logprob: -1, bytes: [] }];

function held(...texts: string[]): HeldLogprobs {
  const logprobs = new HeldLogprobs();
  for (const text of texts) logprobs.add(text, score(text));
  return logprobs;
}

const tokens = (logprobs: HeldLogprobs, open: number): string[] =>
  logprobs.take(open).map(({ token }) => token);

test.each<[string[], number, string[]]>([
  [["ab", "cd"], 0, ["ab", "cd"]],
  [["ab", "cd"], 2, ["ab"]],
  [["ab", "cd"], 1, ["ab", "cd"]],
  [["ab", "cd"], 4, []],
  [["ab", ""], 2, []],
  [["ab", ""], 0, ["ab", ""]],
])("of %j with %i characters open, %j go out", (texts, open, expected) => {
  expect(tokens(held(...texts), open)).toEqual(expected);
});

test("nothing goes out twice, and the rest follows", () => {
  const logprobs = held("a", "b");
  expect(tokens(logprobs, 1)).toEqual(["a"]);
  logprobs.add("c");
  logprobs.add("d", score("d"));
  expect(tokens(logprobs, 0)).toEqual(["b", "d"]);
});
