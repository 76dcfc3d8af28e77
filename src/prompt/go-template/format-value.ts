import { goQuote } from "./quote.ts";
import { type GoStruct, type GoValue, goEntries, typeName, unboxed } from "./value.ts";

/** How `%v` and its relatives differ: `%+v` names struct fields, `%#v` writes Go source. */
export type ValueStyle = "plain" | "named" | "source";

/** Go's `%v` and `%g` of a float64: the shortest digits that tell it apart; powers of ten below -4 or from 6 on as an exponent. */
export function goFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const magnitude = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (magnitude === 0) return `${sign}0`;
  const text = magnitude.toExponential();
  const power = Number(text.slice(text.indexOf("e") + 1));
  return sign + (power < -4 || power >= 6 ? exponent(text) : fixedDigits(magnitude));
}

/** A mantissa and exponent with Go's two exponent digits at least: `1e-7` → `1e-07`. */
export const exponent = (text: string): string =>
  text.replace(/e([+-])(\d)$/, (_, sign: string, digit: string) => `e${sign}0${digit}`);

/** Decimal digits without an exponent; JavaScript itself turns to one below 1e-6. */
function fixedDigits(magnitude: number): string {
  const text = String(magnitude);
  if (!text.includes("e")) return text;
  const [digits = "", power = "0"] = magnitude.toExponential().split("e");
  return `0.${"0".repeat(-Number(power) - 1)}${digits.replace(".", "")}`;
}

function structText(struct: GoStruct, style: ValueStyle): string {
  const fields = [...struct.fields].map(([name, field]) => {
    const text = formatValue(field, style);
    return style === "plain" ? text : `${name}:${text}`;
  });
  if (style === "source") return `${struct.isPointer ? "&" : ""}${struct.type}{${fields.join(", ")}}`;
  return `${struct.isPointer ? "&" : ""}{${fields.join(" ")}}`;
}

function sourceText(value: Exclude<GoValue, undefined>): string {
  if (typeof value === "string") return goQuote(value);
  if (typeof value !== "object") return formatValue(value);
  if (value.kind === "struct") return structText(value, "source");
  if (value.kind === "interface") return formatValue(value, "source");
  if (value.isNil) return `${value.type}(nil)`;
  const members =
    value.kind === "list"
      ? value.items.map((item) => formatValue(item, "source"))
      : goEntries(value).map(([key, member]) => `${goQuote(key)}:${formatValue(member, "source")}`);
  return `${value.type}{${members.join(", ")}}`;
}

/**
 * A value as Go's `fmt` prints it with `%v`. A pointer to a struct prints its content at any depth, where Go prints an address
 * inside a container: addresses are of no use in a prompt and differ from run to run.
 */
export function formatValue(value: GoValue, style: ValueStyle = "plain"): string {
  const inner = unboxed(value);
  if (inner === undefined) return style === "source" ? "interface {}(nil)" : "<nil>";
  if (style === "source") return sourceText(inner);
  if (typeof inner === "number") return goFloat(inner);
  if (typeof inner !== "object") return String(inner);
  if (inner.kind === "interface") return formatValue(inner, style);
  if (inner.print !== undefined) return inner.print();
  if (inner.kind === "struct") return structText(inner, style);
  if (inner.kind === "list") return `[${inner.items.map((item) => formatValue(item, style)).join(" ")}]`;
  const members = goEntries(inner).map(([key, member]) => `${key}:${formatValue(member, style)}`);
  return `map[${members.join(" ")}]`;
}

const isText = (value: GoValue): boolean => typeof unboxed(value) === "string";

/** Go's `fmt.Sprint`: a space between two operands unless one of them is a string. */
export function sprint(values: readonly GoValue[]): string {
  let text = "";
  for (const [index, value] of values.entries()) {
    if (index > 0 && !isText(value) && !isText(values[index - 1])) text += " ";
    text += formatValue(value);
  }
  return text;
}

/** Go's `%T`. */
export function formatType(value: GoValue): string {
  const inner = unboxed(value);
  return inner === undefined ? "<nil>" : typeName(inner);
}
