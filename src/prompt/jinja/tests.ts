import { compareValues, contains, equal, isNumber, isText } from "./make-value.ts";
import type { JinjaValue } from "./nodes.ts";

/** Does `value` pass the test? `other` is the test's argument, where it has one. */
type JinjaTest = (value: JinjaValue, other: JinjaValue) => boolean;

const integerOf = ({ type, value }: JinjaValue, test: string): number => {
  if (type !== "IntegerValue") throw new Error(`${type} is neither ${test} nor not`);
  return Number(value);
};

const isOrdered =
  (accepts: (order: number) => boolean): JinjaTest =>
  (value, other) =>
    accepts(compareValues(value, other, true));

const isSequence: JinjaTest = ({ value }) =>
  typeof value === "string" || Array.isArray(value) || value instanceof Map;

const less = isOrdered((order) => order < 0);
const greater = isOrdered((order) => order > 0);
const most = isOrdered((order) => order <= 0);
const least = isOrdered((order) => order >= 0);
const differs: JinjaTest = (value, other) => !equal(value, other);

/** Jinja's tests, as in `x is divisibleby(3)` and `select("divisibleby", 3)`. */
const TESTS: Readonly<Record<string, JinjaTest>> = {
  boolean: ({ type }) => type === "BooleanValue",
  callable: ({ type }) => type === "FunctionValue",
  defined: ({ type }) => type !== "UndefinedValue",
  divisibleby: (value, other) => integerOf(value, "divisible") % integerOf(other, "a divisor") === 0,
  eq: equal,
  equalto: equal,
  "==": equal,
  escaped: () => false,
  even: (value) => integerOf(value, "even") % 2 === 0,
  false: ({ type, value }) => type === "BooleanValue" && value === false,
  float: ({ type }) => type === "FloatValue",
  ge: least,
  ">=": least,
  greaterthan: greater,
  gt: greater,
  ">": greater,
  in: (value, other) => contains(other, value),
  integer: ({ type }) => type === "IntegerValue",
  iterable: isSequence,
  le: most,
  "<=": most,
  lessthan: less,
  lower: ({ value }) => typeof value === "string" && value === value.toLowerCase(),
  lt: less,
  "<": less,
  mapping: ({ value }) => value instanceof Map,
  ne: differs,
  "!=": differs,
  none: ({ type }) => type === "NullValue",
  number: isNumber,
  odd: (value) => Math.abs(integerOf(value, "odd") % 2) === 1,
  sameas: (value, other) => value === other || (value.type === other.type && value.value === other.value),
  sequence: isSequence,
  string: isText,
  test: ({ value }) => typeof value === "string" && Object.hasOwn(TESTS, value),
  true: ({ type, value }) => type === "BooleanValue" && value === true,
  undefined: ({ type }) => type === "UndefinedValue",
  upper: ({ value }) => typeof value === "string" && value === value.toUpperCase(),
};

/** @throws Error for an unknown name. */
export function jinjaTest(name: string): JinjaTest {
  if (!Object.hasOwn(TESTS, name)) throw new Error(`there is no test ${name}`);
  return TESTS[name]!;
}
