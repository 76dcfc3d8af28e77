/**
 * What a template sees. The types that `text/template` tells apart are kept apart: `bigint` is Go's int, `number` float64,
 * `undefined` the absence of any value, and {@link GoInterface} an `interface {}` holding something, or nothing.
 */
export type GoValue =
  | undefined
  | boolean
  | string
  | bigint
  | number
  | GoInterface
  | GoList
  | GoMap
  | GoStruct;

export interface GoInterface {
  readonly kind: "interface";
  readonly value: GoValue;
}

export interface GoList {
  readonly kind: "list";
  /** Go's name of the type and of its elements' type, for messages and for zero values. */
  readonly type: string;
  readonly element: string;
  readonly items: readonly GoValue[];
  readonly isNil: boolean;
  /** The type's `String` and `MarshalJSON` methods, where it has them. */
  readonly print?: () => string;
  readonly toJson?: () => string;
}

export interface GoMap {
  readonly kind: "map";
  readonly type: string;
  readonly element: string;
  readonly entries: ReadonlyMap<string, GoValue>;
  readonly isNil: boolean;
  /** Keep the entries' own order where Go would sort the keys. */
  readonly ordered: boolean;
  readonly print?: () => string;
}

export interface GoStruct {
  readonly kind: "struct";
  readonly type: string;
  readonly isPointer: boolean;
  readonly fields: ReadonlyMap<string, GoValue>;
  /** Name and `omitempty` of fields that JSON spells otherwise than Go. */
  readonly json: ReadonlyMap<string, { name: string; omitEmpty: boolean }>;
  readonly print?: () => string;
}

export const INTERFACE = "interface {}";
export const NIL_INTERFACE: GoInterface = { kind: "interface", value: undefined };

/** A list of anything, `[]interface {}` unless told otherwise. */
export const goList = (items: readonly GoValue[], element = INTERFACE): GoList => ({
  kind: "list",
  type: `[]${element}`,
  element,
  items,
  isNil: false,
});

/** A map of anything by name, `map[string]interface {}` unless told otherwise; iterated in sorted key order. */
export const goMap = (entries: Iterable<readonly [string, GoValue]>, element = INTERFACE): GoMap => ({
  kind: "map",
  type: `map[string]${element}`,
  element,
  entries: new Map(entries),
  isNil: false,
  ordered: false,
});

/**
 * Decoded JSON as Go's `encoding/json` decodes it into `interface {}`: every number a float64, null a nil interface.
 * @param ordered keep the order of keys where Go would sort them.
 */
export function fromJson(value: unknown, ordered = false): GoValue {
  if (value === null || value === undefined) return NIL_INTERFACE;
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "number") return value;
  if (Array.isArray(value)) return goList(value.map((item) => fromJson(item, ordered)));
  if (typeof value !== "object") throw new TypeError(`not a JSON value: ${typeof value}`);
  const entries = Object.entries(value).map(([key, member]) => [key, fromJson(member, ordered)] as const);
  return { ...goMap(entries), ordered };
}

/** A container's element as Go's reflection hands it out: still inside its interface, if the container holds interfaces. */
export const elementOf = (container: GoList | GoMap, value: GoValue): GoValue =>
  container.element === INTERFACE ? boxed(value) : value;

function boxed(value: GoValue): GoInterface {
  if (value === undefined) return NIL_INTERFACE;
  return typeof value === "object" && value.kind === "interface" ? value : { kind: "interface", value };
}

/** The value in an interface (`undefined` for a nil one); any other value as it is. */
export const unboxed = (value: GoValue): GoValue =>
  typeof value === "object" && value.kind === "interface" ? value.value : value;

export const isKind = <K extends "interface" | "list" | "map" | "struct">(
  value: GoValue,
  kind: K,
): value is Extract<GoValue, { kind: K }> => typeof value === "object" && value.kind === kind;

/** The value that a missing map entry reads as (`missingkey=zero`). */
export function zeroOf(type: string): GoValue {
  if (type === INTERFACE) return NIL_INTERFACE;
  if (type === "string") return "";
  if (type === "bool") return false;
  if (type === "int") return 0n;
  if (type === "float64") return 0;
  if (type.startsWith("[]")) return { ...goList([], type.slice(2)), isNil: true };
  if (type.startsWith("map[string]")) return { ...goMap([], type.slice(11)), isNil: true };
  return undefined;
}

/** Go's name of the value's type. */
export function typeName(value: Exclude<GoValue, undefined>): string {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "float64";
    default:
      if (value.kind === "interface") return INTERFACE;
      return value.kind === "struct" && value.isPointer ? `*${value.type}` : value.type;
  }
}

/** Truth as `if`, `and`, `or` and `not` see it: a struct is always true, anything empty or zero is false. */
export function isGoTrue(value: GoValue): boolean {
  const inner = unboxed(value);
  if (typeof inner !== "object") return Boolean(inner);
  if (inner.kind === "list") return inner.items.length > 0;
  if (inner.kind === "map") return inner.entries.size > 0;
  return true;
}

const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** A map's entries in the order in which templates walk and print them. */
export function goEntries(map: GoMap): [string, GoValue][] {
  const entries = [...map.entries];
  return map.ordered ? entries : entries.sort(([a], [b]) => compareBytes(a, b));
}
