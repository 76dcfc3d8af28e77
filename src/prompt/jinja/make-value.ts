import { Environment } from "@huggingface/jinja";
import type { JinjaValue } from "./nodes.ts";

/** A JavaScript value as the interpreter has it. */
export const runtimeValue = (value: unknown): JinjaValue => new Environment().set("value", value);

/** The package does not export its classes; making a text by way of an environment takes longer than the text is worth. */
const TextValue = runtimeValue("").constructor as new (text: string) => JinjaValue;
export const textValue = (text: string): JinjaValue => new TextValue(text);

export const undefinedValue = (): JinjaValue => runtimeValue(undefined);

export function jinjaList(values: readonly JinjaValue[]): JinjaValue {
  const list = runtimeValue([]);
  list.value = [...values];
  return list;
}

/** A number that Python writes with a decimal point, also where it is whole. */
export function floatOf(number: number): JinjaValue {
  const value = runtimeValue(0.5);
  value.value = number;
  return value;
}

export const isText = ({ type }: JinjaValue): boolean => type === "StringValue";
export const isNumber = ({ type }: JinjaValue): boolean => type === "IntegerValue" || type === "FloatValue";
export const isNothing = ({ type }: JinjaValue): boolean => type === "UndefinedValue" || type === "NullValue";
export const isTrue = (value: JinjaValue): boolean => value.__bool__().value === true;

/** The elements of a list, the keys of a mapping, the characters of a text; none of an undefined value. */
export function elementsOf(value: JinjaValue): JinjaValue[] {
  const { value: inner } = value;
  if (Array.isArray(inner)) return inner;
  if (inner instanceof Map) return [...inner.keys()].map(textValue);
  if (typeof inner === "string") return Array.from(inner, textValue);
  if (value.type === "UndefinedValue") return [];
  throw new Error(`${value.type} has no elements`);
}

/** The attribute of a value that `a.b.c` or a number names; undefined where there is none. */
export function attributeOf(value: JinjaValue, path: string | number): JinjaValue {
  let found = value;
  for (const name of String(path).split(".")) {
    const { value: inner } = found;
    const next: unknown =
      inner instanceof Map ? inner.get(name) : Array.isArray(inner) ? inner.at(Number(name)) : undefined;
    if (next === undefined) return undefinedValue();
    found = next as JinjaValue;
  }
  return found;
}

/** Python's `==`. */
export function equal(left: JinjaValue, right: JinjaValue): boolean {
  const [a, b] = [left.value, right.value];
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((each, at) => equal(each, b[at]!));
  }
  if (a instanceof Map && b instanceof Map) {
    return a.size === b.size && [...a].every(([key, each]) => b.has(key) && equal(each, b.get(key)!));
  }
  if (typeof a === typeof b || isNothing(left) || isNothing(right))
    return left.type === right.type ? a === b : numbersEqual(a, b);
  return numbersEqual(a, b);
}

/** True is 1, and 1 is 1.0. */
const numbersEqual = (a: unknown, b: unknown): boolean => {
  const [left, right] = [a, b].map((side) => (typeof side === "boolean" ? Number(side) : side));
  return typeof left === "number" && left === right;
};

/** Negative where `left` comes first. Texts by their lower case, unless `caseSensitive`. @throws Error for values without an order. */
export function compareValues(left: JinjaValue, right: JinjaValue, caseSensitive: boolean): number {
  const key = ({ value }: JinjaValue): unknown => {
    if (typeof value === "boolean") return Number(value);
    return typeof value === "string" && !caseSensitive ? value.toLowerCase() : value;
  };
  const [a, b] = [key(left), key(right)];
  if (Array.isArray(a) && Array.isArray(b)) {
    for (const [at, each] of a.entries()) {
      if (at >= b.length) return 1;
      const order = compareValues(each, b[at]!, caseSensitive);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  const ordered =
    (typeof a === "number" && typeof b === "number") || (typeof a === "string" && typeof b === "string");
  if (!ordered) throw new Error(`${left.type} and ${right.type} have no order`);
  return a < b ? -1 : Number(a > b);
}

/** Python's `in`. */
export function contains(container: JinjaValue, value: JinjaValue): boolean {
  const { value: inner } = container;
  if (typeof inner === "string") return isText(value) && inner.includes(String(value.value));
  if (inner instanceof Map) return inner.has(String(value.value));
  return Array.isArray(inner) && inner.some((each) => equal(each, value));
}
