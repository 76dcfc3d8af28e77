import type { JinjaValue } from "./nodes.ts";
import { centered, padded } from "./python-text.ts";

/** Python's `str`. */
export function textOf(value: JinjaValue): string {
  return value.type === "StringValue" ? String(value.value) : repr(value);
}

/** Python's `repr`, as it shows in what templates print of lists and mappings. */
function repr({ type, value }: JinjaValue): string {
  if (value instanceof Map)
    return `{${[...value].map(([key, entry]) => `${quote(key)}: ${repr(entry)}`).join(", ")}}`;
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (typeof value === "string") return quote(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (type === "FloatValue" && Number.isInteger(value)) return `${value}.0`;
  return value === null || value === undefined ? "None" : String(value);
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark;
}

const PLACE = /\{\{|\}\}|\{([^{}:!]*)(?:![rs])?(?::([^{}]*))?\}/g;
const SPEC = /^(?:(.)?([<>^]))?(0?)(\d*)(?:\.(\d+))?([sdfx]?)$/;

/** A value in the format of a place of `str.format`: its width, its alignment, its decimal places. */
function specified(value: JinjaValue, spec: string): string {
  const [, fill = " ", side = "", zero = "", width = "", places, kind = ""] = SPEC.exec(spec) ?? [];
  const number = Number(value.value);
  const text = kind === "f" ? number.toFixed(Math.min(100, Number(places ?? 6))) : textOf(value);
  if (width === "") return text;
  if (side === "^") return centered(text, Number(width), fill);
  const left = side === "<" || (side === "" && zero === "" && value.type === "StringValue");
  return padded(text, Number(width), zero === "" ? fill : "0", !left);
}

/** Python's `str.format`: `{}`, `{0}`, `{name}`, each with a specification behind a colon. */
export function formatText(
  text: string,
  args: readonly JinjaValue[],
  named: ReadonlyMap<string, JinjaValue> = new Map(),
): string {
  let next = 0;
  return text.replace(PLACE, (whole, name: string | undefined, spec = "") => {
    if (name === undefined) return whole.slice(0, 1);
    const value = /^\d*$/.test(name) ? args[name === "" ? next++ : Number(name)] : named.get(name);
    if (value === undefined) throw new Error("format() has more places than arguments");
    return specified(value, spec);
  });
}

const asNumber = (text: string): number | undefined => (/^-?\d+$/.test(text) ? Number(text) : undefined);

/** Compares a number with the key of a mapping that was a number; undefined for any other comparison. */
export function compareMixed(operator: string, left: unknown, right: unknown): boolean | undefined {
  if (typeof left === typeof right) return undefined;
  const [a, b] = [left, right].map((side) => (typeof side === "string" ? asNumber(side) : side));
  if (typeof a !== "number" || typeof b !== "number") return undefined;
  if (operator === "<") return a < b;
  if (operator === "<=") return a <= b;
  return operator === ">" ? a > b : a >= b;
}
