import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { AppError } from "../../../src/lib/errors.ts";
import { fitTokens } from "../../../src/prompt/fit-tokens.ts";

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const budget = { contextLength: 8, numKeep: 4, addsBos: false, shift: true, truncate: true };
const TOO_LONG =
  "the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the context length in settings, or use a model with a longer context length";

test.each<[string, number, Partial<typeof budget>, number[]]>([
  ["fits", 6, {}, [1, 2, 3, 4, 5, 6]],
  ["one less than the context is too long", 7, {}, [1, 2, 3, 4, 6, 7]],
  ["the measured case", 14, {}, [1, 2, 3, 4, 13, 14]],
  ["BOS is kept besides", 14, { addsBos: true }, [1, 2, 3, 4, 5, 13, 14]],
  ["nothing kept", 14, { numKeep: 0 }, [11, 12, 13, 14]],
  ["everything kept", 14, { numKeep: -1 }, [1, 2, 3, 4, 5, 6, 7]],
  ["more kept than there is room", 14, { numKeep: 100 }, [1, 2, 3, 4, 5, 6, 7]],
  ["untouched without truncate", 7, { truncate: false }, [1, 2, 3, 4, 5, 6, 7]],
  ["untouched without truncate or shift", 7, { truncate: false, shift: false }, [1, 2, 3, 4, 5, 6, 7]],
])("%s", (_, count, changes, expected) => {
  expect(fitTokens(numbers(count), { ...budget, ...changes })).toEqual(expected);
});

describe("refused with 400", () => {
  test.each<[string, number, Partial<typeof budget>]>([
    ["no shift", 7, { shift: false }],
    ["no truncate", 8, { truncate: false }],
    ["neither", 100, { truncate: false, shift: false }],
  ])("%s", (_, count, changes) => {
    const run = () => fitTokens(numbers(count), { ...budget, ...changes });
    const told = ` (the prompt has ${count} tokens, the context length is 8)`;
    expect(run).toThrow(new AppError("bad_request", TOO_LONG + told));
  });
});

test("whatever the numbers, the result fits and is a head and a tail", () => {
  const property = fc.property(
    fc.integer({ min: 4, max: 64 }),
    fc.integer({ min: -1, max: 80 }),
    fc.boolean(),
    fc.integer({ min: 0, max: 200 }),
    (contextLength, numKeep, addsBos, count) => {
      const tokens = numbers(count);
      const fitted = fitTokens(tokens, { ...budget, contextLength, numKeep, addsBos });
      expect(fitted.length).toBeLessThan(contextLength);
      expect(fitted.every((token, index) => index === 0 || token > fitted[index - 1]!)).toBe(true);
      const jumps = fitted.filter((token, index) => index > 0 && token !== fitted[index - 1]! + 1);
      expect(jumps.length).toBeLessThanOrEqual(1);
    },
  );
  fc.assert(property);
});
