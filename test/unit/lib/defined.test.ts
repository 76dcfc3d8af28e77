import { expect, test } from "bun:test";
import { defined, ifDefined } from "../../../src/lib/defined.ts";

interface Wanted {
  name: string;
  count?: number;
  note?: string | null;
}

test("what is undefined is left out, and nothing else", () => {
  const empty: { text: string; zero: number; no: boolean; nothing: null; absent?: string | undefined } = {
    text: "",
    zero: 0,
    no: false,
    nothing: null,
    absent: undefined,
  };
  expect(defined(empty)).toStrictEqual({ text: "", zero: 0, no: false, nothing: null });
});

test("the order of the members stays, as clients see it in JSON", () => {
  const [b, a] = [1, 2] as (number | undefined)[];
  expect(JSON.stringify({ ...defined({ b, gone: undefined, a }) })).toBe('{"b":1,"a":2}');
});

test("what is left fits a type whose optional members are never undefined", () => {
  const maybe = (value: number | undefined): Wanted => ({ name: "x", ...defined({ count: value }) });
  expect(maybe(undefined)).toStrictEqual({ name: "x" });
  expect(maybe(0)).toStrictEqual({ name: "x", count: 0 });
  // @ts-expect-error a null is no undefined: the type that forbids one still does.
  const wrong = (count: number | null): Wanted => ({ name: "x", ...defined({ count }) });
  expect(wrong(null)).toEqual({ name: "x", count: null as unknown as number });
});

test("what is made of a value is there when the value is", () => {
  const doubled = (value: number | undefined) => defined({ twice: ifDefined(value, (each) => each * 2) });
  expect(doubled(0)).toStrictEqual({ twice: 0 });
  expect(doubled(undefined)).toStrictEqual({});
});
