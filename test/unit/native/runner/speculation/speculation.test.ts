import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { PromptLookup } from "../../../../../native/runner/speculation/lookup.ts";
import { Pace } from "../../../../../native/runner/speculation/pace.ts";
import { Speculation } from "../../../../../native/runner/speculation/speculation.ts";

const run = (length: number, from = 0): number[] => Array.from({ length }, (_, i) => from + i);

describe("the lookup", () => {
  test("guesses what came the last time, behind the longest match", () => {
    const lookup = new PromptLookup([9, 1, 2, 3, 50, 51, 8, 1, 2, 3, 60, 61, 62, 9, 1, 2, 3]);
    expect(lookup.guess(2)).toEqual({ tokens: [50, 51], match: 4 });
    expect(new PromptLookup([1, 2, 3, 50, 1, 2, 3, 60, 1, 2, 3]).guess(1)).toEqual({
      tokens: [60],
      match: 3,
    });
  });

  test("has no guess for what was never said, for a text of a few tokens, and where there is no room", () => {
    expect(new PromptLookup(run(50)).guess(4)).toBeUndefined();
    expect(new PromptLookup([1, 2]).guess(4)).toBeUndefined();
    expect(new PromptLookup([1, 2, 3, 4, 1, 2, 3]).guess(0)).toBeUndefined();
  });

  test("whatever the text: tokens that follow an earlier place where it was the same", () => {
    const tokens = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 80 });
    fc.assert(
      fc.property(tokens, fc.integer({ min: 1, max: 6 }), (all, most) => {
        const guess = new PromptLookup(all).guess(most);
        if (guess === undefined) return true;
        const seen = [...all.slice(-Math.min(guess.match, all.length)), ...guess.tokens].join(",");
        return guess.tokens.length > 0 && guess.match >= 3 && `,${all.join(",")},`.includes(`,${seen},`);
      }),
    );
  });
});

describe("the pace", () => {
  test("goes wider while guesses come true, and no wider than a batch of a few tokens", () => {
    const pace = new Pace();
    const widths = run(5).map(() => {
      const { width } = pace;
      pace.learned(width, width);
      return width;
    });
    expect(widths).toEqual([3, 6, 12, 16, 16]);
    pace.learned(16, 4);
    expect(pace.width).toBe(5);
  });

  test("costs a text that does not repeat itself less than three in a hundred tokens", () => {
    const pace = new Pace();
    let guesses = 0;
    for (let token = 0; token < 1000; token++) {
      const { width } = pace;
      pace.passed();
      // Matches of five tokens by chance at every token, which no text has.
      if (width > 0 && pace.match <= 5) {
        guesses++;
        pace.learned(width, 0);
      }
    }
    expect(guesses).toBeLessThanOrEqual(2);
  });

  test("costs many short answers that do not repeat anything less than one in a hundred tokens", () => {
    const pace = new Pace();
    let guesses = 0;
    for (let answer = 0; answer < 25; answer++) {
      pace.begin();
      for (let token = 0; token < 40; token++) {
        if (pace.width > 0 && pace.match <= 5) {
          guesses++;
          pace.learned(pace.width, 0);
        } else pace.passed();
      }
    }
    expect(guesses).toBeLessThanOrEqual(5);
  });
});

const text = { cached: [], next: 0 };

test("an answer that repeats its prompt is guessed from the fifth token on", () => {
  const prompt = run(40);
  const speculation = new Speculation(prompt, { pace: new Pace(), drafting: undefined });
  expect(speculation.guess([10, 11, 12, 13], text, 10)).toBeUndefined();
  const guess = speculation.guess([10, 11, 12, 13, 14], text, 10);
  expect(guess).toEqual({ tokens: [15, 16, 17], source: "lookup" });
  expect(speculation.counts).toBeUndefined();
  speculation.learned(guess!, 3);
  expect(speculation.guess(run(9, 10), text, 4)?.tokens).toEqual([19, 20, 21, 22]);
  expect(speculation.counts).toEqual({ drafted: 3, accepted: 3, kind: "lookup" });
});

test("no more is guessed at a time than a request allows", () => {
  const speculation = new Speculation(run(40), { pace: new Pace(), drafting: undefined }, 2);
  expect(speculation.guess([10, 11, 12, 13, 14], text, 10)?.tokens).toEqual([15, 16]);
});
