import type { Micros } from "../../lib/budget.ts";
import type { JinjaValue } from "./nodes.ts";
import { TEXT_FILTERS } from "./text-filters.ts";

/** Comparing a value with another one. */
const SEARCHED_MICROS: Micros = 0.2;
/** Most characters that a format may make: as much as any value may have. */
const MAX_PLACED = 8_000_000;
/** Characters that an element of a list or mapping counts for. */
const ELEMENT_SIZE = 16;
/** Reading or copying a character. */
const COPIED_MICROS: Micros = 0.02;
/** Changing or quoting a character. */
const CHANGED_MICROS: Micros = 0.1;
/** Making a text or a list of a character or a piece. */
const PIECE_MICROS: Micros = 2;
/** Beginning a turn of a loop. */
const TURN_MICROS: Micros = 1;
/** Taking a text apart into its characters. */
const APART_MICROS: Micros = 0.3;
/** Comparing a character. */
const COMPARED_MICROS: Micros = 0.001;

/** Filters and methods that do little more than copy a text. */
const COPYING = new Set<unknown>([
  ...["trim", "strip", "lstrip", "rstrip", "lower", "upper", "length", "count", "startswith", "endswith"],
  ...["string", "safe", "first", "last", "capitalize"],
]);

/** Characters of a text; for a list or mapping a fixed number for each element, whatever is in it. */
export function countedSize(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.length * ELEMENT_SIZE;
  return value instanceof Map ? value.size * ELEMENT_SIZE : 0;
}

/** The cost of having made a value. */
export const costOfMade = ({ value }: JinjaValue): Micros => countedSize(value) * COPIED_MICROS;

/** The cost of quoting a text. */
export const costOfQuoting = ({ value }: JinjaValue): Micros => countedSize(value) * CHANGED_MICROS;

/** The cost of taking characters out of a text, or elements out of a list, by their places. */
export const costOfSlice = ({ value }: JinjaValue): Micros =>
  typeof value === "string" ? value.length * APART_MICROS : countedSize(value) * COPIED_MICROS;

/** The cost of taking a turn of a loop for each element, the body of the loop aside. */
export const costOfTurns = ({ value }: JinjaValue): Micros =>
  (countedSize(value) / ELEMENT_SIZE) * TURN_MICROS;

/** The cost of comparing two values, or of looking for the left one in the right one. */
export function costOfComparison(operator: string, left: JinjaValue, right: JinjaValue): Micros {
  const [a, b] = [countedSize(left.value), countedSize(right.value)];
  const compared = operator === "in" || operator === "not in" ? b : Math.min(a, b);
  return compared * COMPARED_MICROS;
}

function occurrences(part: string, text: string): number {
  if (part === "") return text.length + 1;
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++;
  return count;
}

/** Parsing a character; the package's search for blanks before a tag is quadratic in the longest stretch of them. */
const PARSED_MICROS: Micros = 0.5;
const BLANKS_MICROS: Micros = 0.002;

/** The cost of compiling a template. */
export function costOfParsing(text: string): Micros {
  let blanks = 0;
  for (const [run] of text.matchAll(/\s{64,}/g)) blanks += run.length ** 2;
  return text.length * PARSED_MICROS + blanks * BLANKS_MICROS;
}

const textOf = (value: JinjaValue | undefined): string =>
  typeof value?.value === "string" ? value.value : "";

/** The cost of a filter or method that makes a text longer; 0 for the others. */
function costOfGrowth(name: unknown, text: string, [first, second]: readonly JinjaValue[]): Micros {
  if (name === "split" || name === "list") {
    const pieces = first === undefined ? text.length / 2 : occurrences(textOf(first), text);
    return pieces * PIECE_MICROS;
  }
  if (name !== "replace") return 0;
  const made = textOf(second).length;
  return made > 1 ? occurrences(textOf(first), text) * made * COPIED_MICROS : 0;
}

/**
 * The cost of a filter or method, by its own value and its arguments.
 * @param name undefined where it is not known: a macro, or a function that takes no text.
 */
export function costOfUse(name: unknown, self: JinjaValue, args: readonly JinjaValue[]): Micros {
  const micros = COPYING.has(name) ? COPIED_MICROS : CHANGED_MICROS;
  const handled = [self, ...args].reduce((sum, { value }) => sum + countedSize(value), 0) * micros;
  if (typeof self.value === "string") return handled + costOfGrowth(name, self.value, args);
  const separators = name === "join" ? (countedSize(self.value) / ELEMENT_SIZE) * textOf(args[0]).length : 0;
  return handled + separators * COPIED_MICROS;
}

/** Filters that take no longer for a large value: they look at one place in it, or at none. */
const CONSTANT = new Set<unknown>(["default", "d", "safe", "bool", "attr"]);
/** Filters that take no longer for a large list or mapping. */
const CONSTANT_WITH_LISTS = new Set<unknown>([...CONSTANT, "length", "count", "first", "last"]);
const CONSTANT_METHODS = new Set<unknown>(["append", "pop", "get"]);

export const isConstantFilter = (name: unknown, self: JinjaValue): boolean =>
  (typeof self.value === "string" ? CONSTANT : CONSTANT_WITH_LISTS).has(name);

export const isConstantMethod = (name: unknown): boolean => CONSTANT_METHODS.has(name);

/** Filters that walk through everything inside the elements of a list or mapping, to write or to compare them. */
const WALKING = new Set<unknown>([
  "join",
  "sort",
  "min",
  "max",
  "unique",
  "groupby",
  ...Object.keys(TEXT_FILTERS),
]);

export const walks = (name: unknown, self: JinjaValue): boolean => isContainer(self) && WALKING.has(name);

/** The cost of comparing each element of a list with an argument. @param values in the argument, when it is written out. */
export const costOfSearch = (self: JinjaValue, values: number): Micros =>
  (countedSize(self.value) / ELEMENT_SIZE) * values * SEARCHED_MICROS;

/** Filters and methods that leave a text in one piece. */
const WHOLE = new Set<unknown>([...COPYING, ...CONSTANT, ...Object.keys(TEXT_FILTERS), "length", "count"]);

/** The cost of taking a text apart, where a filter or method does that. */
export const costOfPieces = (name: unknown, { value }: JinjaValue): Micros =>
  typeof value === "string" && !WHOLE.has(name) ? value.length * APART_MICROS : 0;

/** Filters and methods that may write each of their arguments at many places. */
const PLACING = new Set<unknown>(["format", "join"]);

/** The cost of writing the arguments: each may be written at every place. @throws Error when that would be too much text. */
export function costOfPlaces(name: unknown, self: JinjaValue, args: readonly JinjaValue[]): Micros {
  if (!PLACING.has(name)) return 0;
  const text = textOf(self);
  const elements = args.reduce((sum, { value }) => sum + (Array.isArray(value) ? value.length : 0), 0);
  const longest = args.reduce((most, arg) => Math.max(most, textOf(arg).length), 0);
  const places = occurrences("{", text) + occurrences("%", text);
  const size = name === "join" ? elements * text.length : places * longest;
  if (size > MAX_PLACED) throw new Error(`a value of more than ${MAX_PLACED} characters`);
  return size * COPIED_MICROS;
}

/** The cost of indenting: each line of a text, each element of a list or mapping by how deep it lies. */
export function costOfIndent({ value }: JinjaValue, width: number, depth = 1): Micros {
  if (typeof value === "string") return occurrences("\n", value) * width * COPIED_MICROS;
  const entries = value instanceof Map ? [...value.values()] : Array.isArray(value) ? value : [];
  const own = (entries.length + 1) * width * depth * COPIED_MICROS;
  return entries.reduce(
    (sum, entry) => sum + (isContainer(entry) ? costOfIndent(entry, width, depth + 1) : 0),
    own,
  );
}

const isContainer = ({ value }: JinjaValue): boolean => value instanceof Map || Array.isArray(value);
