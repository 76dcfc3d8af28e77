import { codePointCount, firstCodePoints } from "../../lib/code-points.ts";
import { goFixed } from "../../lib/go-fixed.ts";
import { describeChar } from "./chars.ts";
import { exponent, formatType, formatValue, goFloat } from "./format-value.ts";
import { goQuote, goQuoteRune } from "./quote.ts";
import { type GoValue, isKind, unboxed } from "./value.ts";

/** One `%` directive of a format, its width and precision already known. */
export interface Directive {
  /** Of `+`, `-`, `#`, ` ` and `0`. */
  flags: string;
  width: number | undefined;
  precision: number | undefined;
  verb: string;
}

/** Pads to the width, counted in code points; zeroes go after a sign. */
function pad(text: string, { flags, width }: Directive, numeric: boolean): string {
  if (width === undefined) return text;
  const missing = width - codePointCount(text, width);
  if (missing <= 0) return text;
  if (flags.includes("-")) return text + " ".repeat(missing);
  if (!flags.includes("0")) return " ".repeat(missing) + text;
  const sign = numeric && /^[+\- ]/.test(text) ? text.slice(0, 1) : "";
  return sign + "0".repeat(missing) + text.slice(sign.length);
}

const signed = (negative: boolean, magnitude: string, flags: string): string => {
  if (negative) return `-${magnitude}`;
  if (flags.includes("+")) return `+${magnitude}`;
  return flags.includes(" ") ? ` ${magnitude}` : magnitude;
};

const RADIX: Record<string, { radix: number; prefix: string }> = {
  d: { radix: 10, prefix: "" },
  v: { radix: 10, prefix: "" },
  b: { radix: 2, prefix: "0b" },
  o: { radix: 8, prefix: "0" },
  O: { radix: 8, prefix: "0o" },
  x: { radix: 16, prefix: "0x" },
  X: { radix: 16, prefix: "0X" },
};

function formatInt(value: bigint, directive: Directive): string | undefined {
  const { verb, flags, precision } = directive;
  if (verb === "c" || verb === "q" || verb === "U") return formatRune(value, directive);
  const base = RADIX[verb];
  if (base === undefined) return undefined;
  const digits = (value < 0n ? -value : value).toString(base.radix).padStart(precision ?? 0, "0");
  const prefix = verb === "O" || flags.includes("#") ? base.prefix : "";
  const magnitude = prefix + (verb === "X" ? digits.toUpperCase() : digits);
  const text = signed(value < 0n, magnitude, flags);
  const zeroes = precision === undefined ? flags : flags.replaceAll("0", "");
  return pad(text, { ...directive, flags: zeroes }, true);
}

function formatRune(value: bigint, directive: Directive): string {
  const legal = value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value < 0xe000n);
  const code = legal ? Number(value) : 0xfffd;
  if (directive.verb === "c") return pad(String.fromCodePoint(code), directive, false);
  if (directive.verb === "q") return pad(goQuoteRune(code), directive, false);
  const name = directive.flags.includes("#") && legal ? describeChar(String.fromCodePoint(code)) : undefined;
  return pad(name ?? `U+${value.toString(16).toUpperCase().padStart(4, "0")}`, directive, false);
}

/** `%f` of any magnitude: JavaScript turns to exponents from 1e21 on. */
function fixed(magnitude: number, places: number): string {
  if (magnitude < 1e15) return goFixed(magnitude, places);
  return places === 0 ? BigInt(magnitude).toString() : `${BigInt(magnitude)}.${"0".repeat(places)}`;
}

/** `%g` with a precision: that many significant digits, trailing zeroes dropped, exponent where it is shorter. */
function significant(magnitude: number, precision: number): string {
  const digits = Math.max(precision, 1);
  const [mantissa = "", power = "0"] = magnitude.toExponential(Math.min(digits - 1, 100)).split("e");
  const trim = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (Number(power) < -4 || Number(power) >= digits) return exponent(`${trim(mantissa)}e${power}`);
  return trim(fixed(magnitude, Math.min(Math.max(digits - 1 - Number(power), 0), 100)));
}

function floatDigits(magnitude: number, verb: string, precision: number | undefined): string | undefined {
  const places = Math.min(precision ?? 6, 100);
  switch (verb) {
    case "f":
    case "F":
      return fixed(magnitude, places);
    case "e":
    case "E":
      return exponent(magnitude.toExponential(places));
    case "v":
    case "g":
    case "G":
      return precision === undefined ? goFloat(magnitude) : significant(magnitude, precision);
    default:
      return undefined;
  }
}

function formatFloat(value: number, directive: Directive): string | undefined {
  const { verb, precision, flags } = directive;
  if (!Number.isFinite(value)) {
    const name = signed(value < 0, Number.isNaN(value) ? "NaN" : value < 0 ? "Inf" : "+Inf", "");
    return pad(name, { ...directive, flags: flags.replaceAll("0", "") }, true);
  }
  const magnitude = floatDigits(Math.abs(value), verb, precision);
  if (magnitude === undefined) return undefined;
  const text = signed(value < 0 || Object.is(value, -0), magnitude, flags);
  return pad(verb === "E" || verb === "G" ? text.toUpperCase() : text, directive, true);
}

/** Hex digits of bytes; the flag ` ` sets bytes apart, `#` puts `0x` before each group. */
function hexText(bytes: Buffer, flags: string): string {
  if (bytes.length === 0) return "";
  const prefix = flags.includes("#") ? "0x" : "";
  if (!flags.includes(" ")) return prefix + bytes.toString("hex");
  return Array.from(bytes, (byte) => prefix + byte.toString(16).padStart(2, "0")).join(" ");
}

function formatText(value: string, directive: Directive): string | undefined {
  const { verb, flags, precision } = directive;
  const cut = precision === undefined ? value : firstCodePoints(value, precision);
  switch (verb) {
    case "s":
    case "v":
      return pad(cut, directive, false);
    case "q":
      if (flags.includes("#") && !/[`\r\n\u0000-\u0008\u000b-\u001f\u007f]/.test(cut))
        return pad(`\`${cut}\``, directive, false);
      return pad(goQuote(cut, flags.includes("+")), directive, false);
    case "x":
    case "X": {
      const hex = hexText(Buffer.from(value).subarray(0, precision), flags);
      return pad(verb === "X" ? hex.toUpperCase() : hex, directive, false);
    }
    default:
      return undefined;
  }
}

const badVerb = (verb: string, value: GoValue): string => {
  const inner = unboxed(value);
  return inner === undefined ? `%!${verb}(<nil>)` : `%!${verb}(${formatType(inner)}=${formatValue(inner)})`;
};

/** Each element under the verb, as Go does for containers with any verb but `%v`. */
function formatMembers(value: GoValue, directive: Directive): string | undefined {
  const each = (member: GoValue): string =>
    unboxed(member) === undefined ? "<nil>" : formatOperand(member, directive);
  if (isKind(value, "list")) return `[${value.items.map(each).join(" ")}]`;
  if (isKind(value, "map")) {
    return `map[${[...value.entries].map(([key, member]) => `${each(key)}:${each(member)}`).join(" ")}]`;
  }
  if (isKind(value, "struct"))
    return `${value.isPointer ? "&" : ""}{${[...value.fields.values()].map(each).join(" ")}}`;
  return undefined;
}

/** One operand under one verb; a verb that does not fit gives Go's complaint `%!d(string=x)`. */
export function formatOperand(value: GoValue, directive: Directive): string {
  const { verb, flags } = directive;
  const inner = unboxed(value);
  if (verb === "T") return pad(formatType(inner), directive, false);
  if (verb === "v" && flags.includes("#")) return pad(formatValue(inner, "source"), directive, false);
  if (typeof inner === "bigint") return formatInt(inner, directive) ?? badVerb(verb, inner);
  if (typeof inner === "number") return formatFloat(inner, directive) ?? badVerb(verb, inner);
  if (typeof inner === "string") return formatText(inner, directive) ?? badVerb(verb, inner);
  if (typeof inner === "boolean") {
    return verb === "t" || verb === "v" ? pad(String(inner), directive, false) : badVerb(verb, inner);
  }
  if (inner === undefined || inner.kind === "interface") {
    return verb === "v" ? pad("<nil>", directive, false) : `%!${verb}(<nil>)`;
  }
  if (inner.print !== undefined && /[svqxX]/.test(verb)) return formatText(inner.print(), directive) ?? "";
  if (verb === "v") return pad(formatValue(inner, flags.includes("+") ? "named" : "plain"), directive, false);
  return formatMembers(inner, directive) ?? badVerb(verb, inner);
}
