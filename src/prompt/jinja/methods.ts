import type { Arguments } from "./arguments.ts";
import { compareValues, elementsOf, equal, jinjaList, runtimeValue } from "./make-value.ts";
import type { JinjaValue } from "./nodes.ts";
import { TEXT_METHODS } from "./text-methods.ts";

type Method = (self: JinjaValue, args: Arguments) => JinjaValue;

const none = (): JinjaValue => runtimeValue(null);
const listIn = ({ value }: JinjaValue): JinjaValue[] => value as JinjaValue[];
const mapIn = ({ value }: JinjaValue): Map<string, JinjaValue> => value as Map<string, JinjaValue>;

/** An argument that must be there. @throws Error when it is not. */
function needed(args: Arguments, at: number, method: string): JinjaValue {
  const value = args.positional[at];
  if (value === undefined) throw new Error(`${method}() takes more arguments`);
  return value;
}

function takenFrom(list: JinjaValue[], at: number): JinjaValue {
  const [taken] = at < -list.length ? [] : list.splice(at, 1);
  if (taken === undefined) throw new Error("pop from a list that has no such place");
  return taken;
}

function placeOf(list: readonly JinjaValue[], value: JinjaValue): number {
  const at = list.findIndex((each) => equal(each, value));
  if (at < 0) throw new Error("the list does not have that value");
  return at;
}

/** Python's methods of lists. */
const LIST_METHODS: Readonly<Record<string, Method>> = {
  append: (self, args) => {
    listIn(self).push(needed(args, 0, "append"));
    return none();
  },
  clear: (self) => {
    listIn(self).length = 0;
    return none();
  },
  copy: (self) => jinjaList(listIn(self)),
  count: (self, args) => {
    const value = needed(args, 0, "count");
    return runtimeValue(listIn(self).filter((each) => equal(each, value)).length);
  },
  extend: (self, args) => {
    for (const each of [...elementsOf(needed(args, 0, "extend"))]) listIn(self).push(each);
    return none();
  },
  index: (self, args) => runtimeValue(placeOf(listIn(self), needed(args, 0, "index"))),
  insert: (self, args) => {
    listIn(self).splice(args.number(0, "index", 0), 0, needed(args, 1, "insert"));
    return none();
  },
  pop: (self, args) => takenFrom(listIn(self), args.number(0, "index", -1)),
  remove: (self, args) => {
    listIn(self).splice(placeOf(listIn(self), needed(args, 0, "remove")), 1);
    return none();
  },
  reverse: (self) => {
    listIn(self).reverse();
    return none();
  },
  sort: (self, args) => {
    const sign = args.flag(1, "reverse") ? -1 : 1;
    listIn(self).sort((a, b) => sign * compareValues(a, b, true));
    return none();
  },
};

function mapped(self: JinjaValue, key: JinjaValue, otherwise: JinjaValue | undefined): JinjaValue {
  return mapIn(self).get(String(key.value)) ?? otherwise ?? none();
}

/** Python's methods of mappings, but `items`, `keys` and `values`, which the package has. */
const MAPPING_METHODS: Readonly<Record<string, Method>> = {
  clear: (self) => {
    mapIn(self).clear();
    return none();
  },
  copy: (self) => {
    const copy = runtimeValue({});
    copy.value = new Map(mapIn(self));
    return copy;
  },
  get: (self, args) => mapped(self, needed(args, 0, "get"), args.positional[1] ?? args.named.get("default")),
  pop: (self, args) => {
    const key = needed(args, 0, "pop");
    const value = mapped(self, key, args.positional[1]);
    mapIn(self).delete(String(key.value));
    return value;
  },
  setdefault: (self, args) => {
    const key = needed(args, 0, "setdefault");
    const value = mapped(self, key, args.positional[1]);
    mapIn(self).set(String(key.value), value);
    return value;
  },
  update: (self, args) => {
    const [other] = args.positional;
    const entries: Iterable<[string, JinjaValue]> = other?.value instanceof Map ? other.value : [];
    for (const [key, value] of [...entries, ...args.named]) mapIn(self).set(key, value);
    return none();
  },
};

function tableFor({ type, value }: JinjaValue): Readonly<Record<string, Method>> | undefined {
  if (typeof value === "string") return TEXT_METHODS;
  if (Array.isArray(value)) return LIST_METHODS;
  return value instanceof Map && type !== "NamespaceValue" ? MAPPING_METHODS : undefined;
}

/** The method of a value by that name; undefined where the package has it, or nobody. */
export function jinjaMethod(self: JinjaValue, name: unknown): ((args: Arguments) => JinjaValue) | undefined {
  const table = tableFor(self);
  if (typeof name !== "string" || table === undefined || !Object.hasOwn(table, name)) return undefined;
  return (args) => table[name]!(self, args);
}
