import type { JinjaValue } from "./nodes.ts";

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

/** Python's `str.format` with places in order: `{}`. */
export function formatText(text: string, args: readonly JinjaValue[]): string {
  let at = 0;
  return text.replaceAll("{}", () => {
    const value = args[at++];
    if (value === undefined) throw new Error("format() has more places than arguments");
    return textOf(value);
  });
}

/** The first of the smallest (or largest) numbers or texts. */
export function least(values: readonly JinjaValue[], largest: boolean): JinjaValue | undefined {
  let best: JinjaValue | undefined;
  for (const each of values) {
    if (best === undefined || (largest ? isLess(best, each) : isLess(each, best))) best = each;
  }
  return best;
}

function isLess({ value: left }: JinjaValue, { value: right }: JinjaValue): boolean {
  if (typeof left === "number" && typeof right === "number") return left < right;
  if (typeof left === "string" && typeof right === "string") return left < right;
  throw new Error("only numbers or texts have a smallest");
}

const asNumber = (text: string): number | undefined => (/^-?\d+$/.test(text) ? Number(text) : undefined);

/** A comparison of a number with the key of a mapping that was a number; undefined: it is another one. */
export function compareMixed(operator: string, left: unknown, right: unknown): boolean | undefined {
  if (typeof left === typeof right) return undefined;
  const [a, b] = [left, right].map((side) => (typeof side === "string" ? asNumber(side) : side));
  if (typeof a !== "number" || typeof b !== "number") return undefined;
  if (operator === "<") return a < b;
  if (operator === "<=") return a <= b;
  return operator === ">" ? a > b : a >= b;
}
