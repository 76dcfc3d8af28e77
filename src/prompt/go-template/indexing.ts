import { GoTemplateError } from "./error.ts";
import {
  elementOf,
  type GoList,
  type GoMap,
  type GoValue,
  isKind,
  typeName,
  unboxed,
  zeroOf,
} from "./value.ts";

const decoder = new TextDecoder();

const fail = (message: string): never => {
  throw new GoTemplateError(message);
};

/** The message of Go's panic in reflection, which its template package reports, when a function indexes a nil value. */
const NO_VALUE = "reflect: call of reflect.Value.Type on zero Value";

/**
 * An index into a value of `length` items. Go allows the length itself as an index, so that one past the end gets through. `index`
 * looks into interfaces for the number and `slice` does not.
 */
function position(index: GoValue, length: number): number {
  if (index === undefined) return fail("cannot index slice/array with nil");
  if (typeof index !== "bigint") return fail(`cannot index slice/array with type ${typeName(index)}`);
  if (index < 0n || index > BigInt(length)) return fail(`index out of range: ${index}`);
  return Number(index);
}

function listItem(list: GoList, index: GoValue): GoValue {
  const at = position(unboxed(index), list.items.length);
  if (at === list.items.length) return fail("reflect: slice index out of range");
  return elementOf(list, list.items[at]);
}

/** A byte of a string, as Go indexes strings. */
function byteAt(text: string, index: GoValue): bigint {
  const bytes = Buffer.from(text);
  const at = position(unboxed(index), bytes.length);
  const byte = bytes[at];
  return byte === undefined ? fail("reflect: string index out of range") : BigInt(byte);
}

function mapEntry(map: GoMap, index: GoValue): GoValue {
  const key = unboxed(index);
  if (key === undefined) return fail("value is nil; should be of type string");
  if (typeof key !== "string") return fail(`value has type ${typeName(key)}; should be string`);
  return elementOf(map, map.entries.has(key) ? map.entries.get(key) : zeroOf(map.element));
}

/** `index item i…`: `item[i]…` for strings (bytes), lists and maps; a missing map key gives the zero value. */
export function index(item: GoValue, indexes: readonly GoValue[]): GoValue {
  let current = unboxed(item);
  if (current === undefined) return fail("index of untyped nil");
  for (const at of indexes) {
    const inner = unboxed(current);
    if (inner === undefined) return fail("index of nil pointer");
    if (typeof inner === "string") current = byteAt(inner, at);
    else if (isKind(inner, "list")) current = listItem(inner, at);
    else if (isKind(inner, "map")) current = mapEntry(inner, at);
    else return fail(`can't index item of type ${typeName(inner)}`);
  }
  return current;
}

/** `slice item i j k`: `item[i:j]` of a string (by bytes) or a list. A cut through a character leaves U+FFFD. */
export function slice(item: GoValue, indexes: readonly GoValue[]): GoValue {
  const inner = unboxed(item);
  if (inner === undefined) return fail("slice of untyped nil");
  if (indexes.length > 3) return fail(`too many slice indexes: ${indexes.length}`);
  if (typeof inner !== "string" && !isKind(inner, "list")) {
    return fail(`can't slice item of type ${typeName(inner)}`);
  }
  if (typeof inner === "string" && indexes.length === 3) return fail("cannot 3-index slice a string");
  const bytes = typeof inner === "string" ? Buffer.from(inner) : undefined;
  const length = bytes?.length ?? (isKind(inner, "list") ? inner.items.length : 0);
  const [from = 0, to = length, cap = length] = indexes.map((at) => position(at, length));
  if (from > to) return fail(`invalid slice index: ${from} > ${to}`);
  if (to > cap) return fail(`invalid slice index: ${to} > ${cap}`);
  if (bytes !== undefined) return decoder.decode(bytes.subarray(from, to));
  return isKind(inner, "list") ? { ...inner, items: inner.items.slice(from, to) } : inner;
}

/** `len item`: bytes of a string, items of a list, entries of a map. */
export function length(item: GoValue): bigint {
  if (item === undefined) return fail(NO_VALUE);
  const inner = unboxed(item);
  if (inner === undefined) return fail("len of nil pointer");
  if (typeof inner === "string") return BigInt(Buffer.byteLength(inner));
  if (isKind(inner, "list")) return BigInt(inner.items.length);
  if (isKind(inner, "map")) return BigInt(inner.entries.size);
  return fail(`len of type ${typeName(inner)}`);
}

/** Go's words for a call of something that is no function; no value that a template sees is one. */
export function callNothing(callee: GoValue, calleeName: string): never {
  const inner = unboxed(callee);
  return fail(inner === undefined ? "call of nil" : `non-function ${calleeName} of type ${typeName(inner)}`);
}
