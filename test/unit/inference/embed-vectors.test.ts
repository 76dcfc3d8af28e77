import { expect, test } from "bun:test";
import fc from "fast-check";
import { shapeVector } from "../../../src/inference/embed.ts";

const vector = (...values: number[]): Float32Array => new Float32Array(values);

test("scaled to length 1", () => {
  expect(Array.from(shapeVector(vector(3, 4), 0, true))).toEqual(Array.from(vector(0.6, 0.8)));
});

test("cut first, then scaled; more dimensions than there are change nothing", () => {
  expect(Array.from(shapeVector(vector(3, 4, 12), 2, true))).toEqual(Array.from(vector(0.6, 0.8)));
  expect(shapeVector(vector(3, 4), 5, false)).toEqual(vector(3, 4));
});

test("the zero vector stays", () => {
  expect(shapeVector(vector(0, 0), 0, true)).toEqual(vector(0, 0));
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("%p is refused", (bad) => {
  expect(() => shapeVector(vector(1, bad), 0, true)).toThrow("embedding contains NaN or Inf values");
  expect(() => shapeVector(vector(1, bad), 0, false)).toThrow("embedding contains NaN or Inf values");
});

test("length is 1 for any vector that has one", () => {
  const component = fc.float({ min: -1000, max: 1000, noNaN: true });
  fc.assert(
    fc.property(
      fc.float32Array({ minLength: 1, maxLength: 50, min: -1000, max: 1000, noNaN: true }),
      component,
      (v, c) => {
        v[0] = Math.abs(c) + 1;
        const sum = shapeVector(v, 0, true).reduce((total, value) => total + value * value, 0);
        expect(sum).toBeCloseTo(1, 4);
      },
    ),
  );
});
