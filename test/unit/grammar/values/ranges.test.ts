import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { RuleBook } from "../../../../src/grammar/rule-book.ts";
import { isWithin } from "../../../../src/grammar/schema/bounds.ts";
import type { Bound } from "../../../../src/grammar/schema/facets.ts";
import { integerRange } from "../../../../src/grammar/values/integer-range.ts";
import { isExact, numberRange } from "../../../../src/grammar/values/number-range.ts";
import { Gbnf } from "../../../support/gbnf.ts";
import { seededRandom } from "../../../support/random.ts";

const side = (value: fc.Arbitrary<number>): fc.Arbitrary<Bound | undefined> =>
  fc.option(fc.record({ value, exclusive: fc.boolean() }), { nil: undefined, freq: 3 });

type Range = (
  book: RuleBook,
  lower: Bound | undefined,
  upper: Bound | undefined,
) => ReturnType<typeof integerRange>;

function grammarOf(range: Range, lower: Bound | undefined, upper: Bound | undefined): Gbnf | undefined {
  const book = new RuleBook();
  const expr = range(book, lower, upper);
  return expr === undefined ? undefined : new Gbnf(book.print(expr));
}

describe("integerRange", () => {
  test("accepts exactly the integers within the bounds", () => {
    const small = side(fc.integer({ min: -1200, max: 1200 }).map((n) => n / 2));
    fc.assert(
      fc.property(small, small, (lower, upper) => {
        const gbnf = grammarOf(integerRange, lower, upper);
        for (let n = -1300; n <= 1300; n++) {
          expect(gbnf?.matches(String(n)) ?? false, String(n)).toBe(isWithin(n, lower, upper));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("is exact near its bounds, however large they are", () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.nat({ max: 1e9 }),
        fc.integer({ min: -3, max: 3 }),
        (low, span, offset) => {
          const lower = { value: low, exclusive: false };
          const upper = { value: Math.min(low + span, Number.MAX_SAFE_INTEGER), exclusive: false };
          const gbnf = grammarOf(integerRange, lower, upper);
          for (const edge of [lower.value, upper.value]) {
            const n = edge + offset;
            if (Number.isSafeInteger(n)) expect(gbnf?.matches(String(n))).toBe(isWithin(n, lower, upper));
          }
        },
      ),
    );
  });

  test.each(["-0", "00", "07", "1.0", "1e3", "+1", "", "-", "1000000000000000000"])(
    "never accepts %s",
    (text) => {
      expect(grammarOf(integerRange, undefined, undefined)?.matches(text)).toBe(false);
      expect(grammarOf(integerRange, { value: -9e18, exclusive: false }, undefined)?.matches(text)).toBe(
        false,
      );
    },
  );

  test("has nothing to accept past 18 digits", () => {
    expect(grammarOf(integerRange, { value: 1e19, exclusive: false }, undefined)).toBeUndefined();
  });
});

describe("numberRange", () => {
  const decimals = side(
    fc
      .tuple(fc.integer({ min: -50_000, max: 50_000 }), fc.constantFrom(1, 10, 100, 1000))
      .map(([n, by]) => n / by),
  );

  test("accepts exactly the decimals within the bounds", () => {
    const candidates = fc.array(
      fc.tuple(fc.integer({ min: -60_000, max: 60_000 }), fc.constantFrom(1, 10, 100, 1000, 10_000)),
      { minLength: 40, maxLength: 40 },
    );
    fc.assert(
      fc.property(decimals, decimals, candidates, (lower, upper, pairs) => {
        const gbnf = grammarOf(numberRange, lower, upper);
        const near = [lower, upper].flatMap((bound) =>
          bound ? [bound.value, bound.value + 0.001, bound.value - 0.001] : [],
        );
        for (const value of [...pairs.map(([n, by]) => n / by), ...near.map((n) => Number(n.toFixed(5)))]) {
          expect(gbnf?.matches(String(value)) ?? false, String(value)).toBe(isWithin(value, lower, upper));
        }
      }),
    );
  });

  test("whatever it accepts reads as a double within the bounds", () => {
    fc.assert(
      fc.property(decimals, decimals, fc.integer(), (lower, upper, seed) => {
        const gbnf = grammarOf(numberRange, lower, upper);
        const random = seededRandom(seed);
        for (let i = 0; i < 20 && gbnf !== undefined; i++) {
          const text = gbnf.sample(random);
          expect(isWithin(Number(text), lower, upper), text).toBe(true);
        }
      }),
    );
  });

  test("trailing zeros are fine, signs and bare points are not", () => {
    const gbnf = grammarOf(numberRange, { value: 0, exclusive: false }, { value: 2.5, exclusive: false });
    for (const text of ["0", "0.0", "1.50", "2.5", "2.500"]) expect(gbnf?.matches(text), text).toBe(true);
    for (const text of ["-0", "-0.0", "00", "1.", ".5", "2.501", "1e0"])
      expect(gbnf?.matches(text), text).toBe(false);
  });

  test("keeps to the places asked for", () => {
    const book = new RuleBook();
    const gbnf = new Gbnf(book.print(numberRange(book, { value: 0, exclusive: true }, undefined, 2)!));
    for (const text of ["0.01", "0.1", "0.12", "3", "3.10"]) expect(gbnf.matches(text), text).toBe(true);
    for (const text of ["0", "0.0", "0.00", "0.001", "3.123"]) expect(gbnf.matches(text), text).toBe(false);
  });

  test("exclusive bounds with more digits than a double can tell apart are not exact", () => {
    expect(isExact({ value: 0.1, exclusive: true })).toBe(true);
    expect(isExact({ value: 0.1 + 0.2, exclusive: true })).toBe(false);
    expect(isExact({ value: 0.1 + 0.2, exclusive: false })).toBe(true);
    expect(isExact({ value: 1e15, exclusive: true })).toBe(false);
  });
});
