import { describe, expect, test } from "bun:test";
import { pairOfBorders, pairOfTemplate } from "../../../../native/runner/ranking.ts";

const [CLS, SEP, BOS, EOS] = [101, 102, 0, 2];

describe("how a vocabulary puts a query and a document together", () => {
  const none = { before: [], after: [], eos: -1, sep: -1, addsEos: false, addsSep: false };

  test.each([
    [
      "BERT, from a file that says it all",
      { before: [CLS], after: [SEP], eos: SEP, sep: SEP, addsEos: true, addsSep: false },
      [CLS, "{query}", SEP, "{document}", SEP],
    ],
    [
      "BERT, by llama.cpp's defaults for its vocabulary",
      { before: [CLS], after: [SEP], eos: -1, sep: SEP, addsEos: false, addsSep: true },
      [CLS, "{query}", SEP, "{document}", SEP],
    ],
    [
      "RoBERTa",
      { before: [BOS], after: [EOS], eos: EOS, sep: EOS, addsEos: true, addsSep: true },
      [BOS, "{query}", EOS, EOS, "{document}", EOS],
    ],
    [
      "an end that is a separator",
      { before: [CLS], after: [SEP], eos: -1, sep: SEP, addsEos: true, addsSep: false },
      [CLS, "{query}", SEP, "{document}", SEP],
    ],
    ["nothing that separates", { ...none, addsEos: true, addsSep: true }, undefined],
    ["nothing at all", none, undefined],
  ])("%s", (_, borders, pair) => {
    expect(pairOfBorders(borders)).toEqual(pair);
  });
});

describe("templates", () => {
  const whole = (text: string) => [text];

  test("a template goes through with its places", () => {
    expect(pairOfTemplate("q: {query}, d: {document}", whole)).toEqual(["q: {query}, d: {document}"]);
  });

  test.each(["", "{query}", "{document}", "{query} {document} {document}"])(
    "%j has no place for either",
    (text) => {
      expect(pairOfTemplate(text, whole)).toBeUndefined();
    },
  );
});
