import { codePointCount } from "../../lib/code-points.ts";
import type { Arguments, JinjaFilter } from "./arguments.ts";
import {
  attributeOf,
  compareValues,
  elementsOf,
  equal,
  floatOf,
  isNothing,
  isTrue,
  jinjaList,
  runtimeValue,
  undefinedValue,
} from "./make-value.ts";
import type { JinjaValue } from "./nodes.ts";
import { jinjaTest } from "./tests.ts";
import { TEST_FILTER } from "./tests-with-arguments.ts";
import { TEXT_FILTERS } from "./text-filters.ts";

const pathOf = (attribute: JinjaValue | undefined): string | number | undefined =>
  attribute === undefined || isNothing(attribute) ? undefined : (attribute.value as string | number);

/** The value that a filter looks at in each element: the element itself, or its attribute of that name. */
const keyOf = (path: string | number | undefined) => (value: JinjaValue) =>
  path === undefined ? value : attributeOf(value, path);

/** The test that the first argument names, with the further arguments; without a name, whether the value is true. */
function testOf(args: Arguments): (value: JinjaValue) => boolean {
  const [name, other = undefinedValue()] = args.positional;
  if (name === undefined) return isTrue;
  const test = jinjaTest(String(name.value));
  return (value) => test(value, other);
}

const chosen =
  (wanted: boolean): JinjaFilter =>
  (value, args) => {
    const test = testOf(args);
    return jinjaList(elementsOf(value).filter((each) => test(each) === wanted));
  };

const chosenByAttribute =
  (wanted: boolean): JinjaFilter =>
  (value, args) => {
    const path = pathOf(args.positional[0]) ?? "";
    const test = testOf(args.from(1));
    return jinjaList(elementsOf(value).filter((each) => test(attributeOf(each, path)) === wanted));
  };

const map: JinjaFilter = (value, args, apply) => {
  const path = pathOf(args.named.get("attribute"));
  const byDefault = args.named.get("default");
  if (path !== undefined) {
    return jinjaList(
      elementsOf(value).map((each) => {
        const found = attributeOf(each, path);
        return found.type === "UndefinedValue" ? (byDefault ?? found) : found;
      }),
    );
  }
  const name = args.positional[0];
  if (name === undefined) throw new Error("map() takes a filter or an attribute");
  return jinjaList(elementsOf(value).map((each) => apply(String(name.value), each, args.from(1))));
};

const sort: JinjaFilter = (value, args) => {
  const key = keyOf(pathOf(args.get(2, "attribute")));
  const caseSensitive = args.flag(1, "case_sensitive");
  const sign = args.flag(0, "reverse") ? -1 : 1;
  return jinjaList(elementsOf(value).toSorted((a, b) => sign * compareValues(key(a), key(b), caseSensitive)));
};

/** The first of the smallest, or largest. */
const extreme =
  (sign: 1 | -1): JinjaFilter =>
  (value, args) => {
    const caseSensitive = args.flag(0, "case_sensitive");
    const key = keyOf(pathOf(args.get(1, "attribute")));
    return (
      elementsOf(value).reduce<JinjaValue | undefined>(
        (best, each) =>
          best === undefined || sign * compareValues(key(each), key(best), caseSensitive) < 0 ? each : best,
        undefined,
      ) ?? undefinedValue()
    );
  };

/** A key for comparing values as Jinja does: texts without regard to case, anything but texts and numbers by its parts. */
function sameKey(value: JinjaValue, caseSensitive: boolean): unknown {
  const { value: inner } = value;
  return typeof inner === "string" && !caseSensitive ? inner.toLowerCase() : inner;
}

const unique: JinjaFilter = (value, args) => {
  const caseSensitive = args.flag(0, "case_sensitive");
  const key = keyOf(pathOf(args.get(1, "attribute")));
  const seen = new Set<unknown>();
  return jinjaList(
    elementsOf(value).filter((each) => {
      const own = sameKey(key(each), caseSensitive);
      if (seen.has(own)) return false;
      seen.add(own);
      return true;
    }),
  );
};

const groupby: JinjaFilter = (value, args) => {
  const key = keyOf(pathOf(args.get(0, "attribute")));
  const groups: { key: JinjaValue; members: JinjaValue[] }[] = [];
  for (const each of elementsOf(value).toSorted((a, b) => compareValues(key(a), key(b), false))) {
    const own = key(each);
    const last = groups.at(-1);
    if (last !== undefined && equal(last.key, own)) last.members.push(each);
    else groups.push({ key: own, members: [each] });
  }
  return jinjaList(groups.map((group) => jinjaList([group.key, jinjaList(group.members)])));
};

const sum: JinjaFilter = (value, args) => {
  const key = keyOf(pathOf(args.get(0, "attribute")));
  const numbers = elementsOf(value).map(key);
  const total = numbers.reduce((all, each) => all + Number(each.value), args.number(1, "start", 0));
  return numbers.some(({ type }) => type === "FloatValue") ? floatOf(total) : runtimeValue(total);
};

/** Elements to which a row is filled up at most. */
const MAX_ROW = 10_000;

/** Lists of `count` elements, the last one filled up if there is something to fill it with. */
const batch: JinjaFilter = (value, args) => {
  const count = Math.max(1, args.number(0, "linecount", 1));
  const fill = args.get(1, "fill_with");
  const elements = elementsOf(value);
  const rows: JinjaValue[] = [];
  for (let at = 0; at < elements.length; at += count) {
    const row = elements.slice(at, at + count);
    if (fill !== undefined && !isNothing(fill)) while (row.length < Math.min(count, MAX_ROW)) row.push(fill);
    rows.push(jinjaList(row));
  }
  return jinjaList(rows);
};

/** That many lists, as equal in length as can be. */
const slice: JinjaFilter = (value, args) => {
  const elements = elementsOf(value);
  const count = Math.max(1, args.number(0, "slices", 1));
  if (count > elements.length + 1) throw new Error("slice() into more lists than there are elements");
  const short = Math.floor(elements.length / count);
  const longer = elements.length % count;
  const fill = args.get(1, "fill_with");
  let at = 0;
  return jinjaList(
    Array.from({ length: count }, (_, index) => {
      const length = short + (index < longer ? 1 : 0);
      const part = elements.slice(at, at + length);
      at += length;
      if (fill !== undefined && !isNothing(fill) && longer > 0 && index >= longer) part.push(fill);
      return jinjaList(part);
    }),
  );
};

const join: JinjaFilter = (value, args, apply) => {
  const key = keyOf(pathOf(args.get(1, "attribute")));
  const texts = elementsOf(value).map((each) => String(apply("string", key(each), args.from(2)).value));
  return runtimeValue(texts.join(args.text(0, "d", "")));
};

const lengthOf: JinjaFilter = ({ type, value }) => {
  if (typeof value === "string") return runtimeValue(codePointCount(value));
  if (value instanceof Map) return runtimeValue(value.size);
  if (Array.isArray(value)) return runtimeValue(value.length);
  if (type === "UndefinedValue") return runtimeValue(0);
  throw new Error(`${type} has no length`);
};

const items: JinjaFilter = ({ type, value }) => {
  if (value instanceof Map)
    return jinjaList([...value].map(([key, each]) => jinjaList([runtimeValue(key), each])));
  if (type === "UndefinedValue") return jinjaList([]);
  throw new Error(`${type} has no items`);
};

const reverse: JinjaFilter = (value) =>
  typeof value.value === "string"
    ? runtimeValue(Array.from(value.value).reverse().join(""))
    : jinjaList(elementsOf(value).toReversed());

const byDefault: JinjaFilter = (value, args) => {
  const missing = value.type === "UndefinedValue" || (args.flag(1, "boolean") && !isTrue(value));
  return missing ? (args.get(0, "default_value") ?? runtimeValue("")) : value;
};

const round: JinjaFilter = (value, args) => {
  const factor = 10 ** args.number(0, "precision", 0);
  const method = args.text(1, "method", "common");
  const scaled = Number(value.value) * factor;
  const rounded =
    method === "ceil" ? Math.ceil(scaled) : method === "floor" ? Math.floor(scaled) : roundHalfEven(scaled);
  return floatOf(rounded / factor);
};

/** Python's rounding: a half goes to the even neighbour. */
function roundHalfEven(number: number): number {
  const floor = Math.floor(number);
  if (number - floor !== 0.5) return Math.round(number);
  return floor % 2 === 0 ? floor : floor + 1;
}

const abs: JinjaFilter = ({ type, value }) =>
  type === "FloatValue" ? floatOf(Math.abs(Number(value))) : runtimeValue(Math.abs(Number(value)));

const int: JinjaFilter = ({ value }, args) => {
  const otherwise = args.number(0, "default", 0);
  const base = args.number(1, "base", 10);
  if (typeof value === "number" || typeof value === "boolean") return runtimeValue(Math.trunc(Number(value)));
  if (typeof value !== "string") return runtimeValue(otherwise);
  if (base !== 10) {
    const number = Number.parseInt(value.trim().replace(/^0[xob]/i, ""), base);
    return runtimeValue(Number.isNaN(number) ? otherwise : number);
  }
  const number = value.trim() !== "" ? Number(value) : Number.NaN;
  return runtimeValue(Number.isFinite(number) ? Math.trunc(number) : otherwise);
};

const float: JinjaFilter = ({ value }, args) => {
  const number = typeof value === "string" && value.trim() === "" ? Number.NaN : Number(value);
  return floatOf(Number.isFinite(number) && value !== null ? number : args.number(0, "default", 0));
};

const tested: JinjaFilter = (value, { positional: [name, negated, other = undefinedValue()] }) =>
  runtimeValue(jinjaTest(String(name?.value))(value, other) !== negated?.value);

const attr: JinjaFilter = (value, args) => attributeOf(value, args.text(0, "name", ""));
const first: JinjaFilter = (value) => elementsOf(value)[0] ?? undefinedValue();
const last: JinjaFilter = (value) => elementsOf(value).at(-1) ?? undefinedValue();
const list: JinjaFilter = (value) => jinjaList(elementsOf(value));
const itself: JinjaFilter = (value) => value;

/** Jinja's filters that the package lacks, or has for some values only. The package does the others. */
const FILTERS: Readonly<Record<string, JinjaFilter>> = {
  ...TEXT_FILTERS,
  [TEST_FILTER]: tested,
  abs,
  attr,
  batch,
  bool: (value) => runtimeValue(isTrue(value)),
  count: lengthOf,
  d: byDefault,
  default: byDefault,
  first,
  float,
  groupby,
  int,
  items,
  join,
  last,
  length: lengthOf,
  list,
  map,
  max: extreme(-1),
  min: extreme(1),
  reject: chosen(false),
  rejectattr: chosenByAttribute(false),
  reverse,
  round,
  safe: itself,
  select: chosen(true),
  selectattr: chosenByAttribute(true),
  slice,
  sort,
  sum,
  unique,
};

/** The filter of that name here; undefined where the package has it, or nobody. */
export const jinjaFilter = (name: unknown): JinjaFilter | undefined =>
  typeof name === "string" && Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;

/** Filters of the package that are used as they are. */
const OF_PACKAGE = new Set<unknown>(["dictsort", "indent", "replace", "tojson"]);

/** Does a value pass a test without arguments? @throws Error for an unknown test. */
export const passesTest = (test: string, value: JinjaValue): boolean =>
  test === "filter"
    ? OF_PACKAGE.has(value.value) || jinjaFilter(value.value) !== undefined
    : jinjaTest(test)(value, undefinedValue());
