import type { Micros } from "../../lib/budget.ts";
import { type GoValue, isKind, unboxed } from "./value.ts";

/** Evaluating one command, or taking one turn of a loop. */
export const STEP_MICROS: Micros = 0.1;
/** Looking at one of the variables in scope. */
export const VARIABLE_MICROS: Micros = 0.002;

/** Reading or copying a character. */
export const COPIED_MICROS: Micros = 0.02;
/** Escaping or quoting a character. */
const ESCAPED_MICROS: Micros = 0.1;
/** Writing a character as digits, which are a text each before they are joined. */
const DIGITS_MICROS: Micros = 0.5;
/** Putting a key of a map in its place. */
const SORTED_MICROS: Micros = 5;
/** Characters that an element of a list, map or struct counts for. */
const ELEMENT_CHARS = 16;
/** The same where a list is copied and its elements stay as they are. */
const COPIED_ELEMENT_CHARS = 4;

const ESCAPERS = new Set(["html", "js", "urlquery", "json", "toTypeScriptType"]);
/** Functions that look at no more of a list than one element, or at nothing but its length. */
const SHALLOW = new Set(["len", "index", "slice", "not"]);
/** `%s`, `%v` and `%d` without any flag copy their text; every other directive walks through it by characters. */
const OTHER_DIRECTIVE = /%[^svd%]/;
/** A format that is longer than what people write is walked through as well. */
const SHORT_FORMAT = 200;

const known = new WeakMap<object, number>();

/** Characters in a value and in everything inside it. Values do not change, so a large one is measured once. */
function charsIn(value: GoValue): number {
  const inner = unboxed(value);
  if (typeof inner === "string") return inner.length;
  if (typeof inner !== "object") return 1;
  const measured = known.get(inner);
  if (measured !== undefined) return measured;
  const chars = measure(inner);
  known.set(inner, chars);
  return chars;
}

function measure(value: Extract<GoValue, object>): number {
  if (value.kind === "interface") return charsIn(value.value);
  if (value.kind === "list") return value.items.reduce<number>((sum, item) => sum + element(item), 0);
  const members = value.kind === "map" ? value.entries : value.fields;
  let chars = 0;
  for (const [key, member] of members) chars += key.length + element(member);
  return chars;
}

const element = (value: GoValue): number => ELEMENT_CHARS + charsIn(value);

const writesDigits = (format: GoValue): boolean => typeof format === "string" && /%[^%]*[xX]/.test(format);

const isPlainFormat = (format: GoValue): boolean =>
  typeof format === "string" && format.length <= SHORT_FORMAT && !OTHER_DIRECTIVE.test(format);

function perCharacter(name: string, args: readonly GoValue[]): Micros {
  if (name === "printf" && writesDigits(args[0])) return DIGITS_MICROS;
  const walks = ESCAPERS.has(name) || (name === "printf" && !isPlainFormat(args[0]));
  return walks ? ESCAPED_MICROS : COPIED_MICROS;
}

/** The characters of an argument that a function goes through. */
function charsHandled(name: string, arg: GoValue): number {
  const inner = unboxed(arg);
  if (!SHALLOW.has(name) || typeof inner !== "object") return charsIn(arg);
  return name === "slice" && inner.kind === "list" ? inner.items.length * COPIED_ELEMENT_CHARS : 1;
}

/** The cost of a function by the size of its arguments. */
export const costOfCall = (name: string, args: readonly GoValue[]): Micros =>
  args.reduce<number>((sum, arg) => sum + charsHandled(name, arg), 0) * perCharacter(name, args);

/** The cost of beginning to walk through a list, a map or a number: a map is sorted by its keys. */
export const costOfRange = (value: GoValue): Micros =>
  isKind(value, "map") ? value.entries.size * SORTED_MICROS : STEP_MICROS;

/** The cost of keeping a function's result. */
export const costOfResult = (result: GoValue): Micros =>
  typeof result === "string" ? result.length * COPIED_MICROS : 0;
