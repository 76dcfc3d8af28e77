import { formatType, formatValue } from "./format-value.ts";
import { type Directive, formatOperand } from "./format-verb.ts";
import { type GoValue, unboxed } from "./value.ts";

/** Widest field and highest precision, in characters. Go allows a million, which a hostile template would multiply. */
const MAX_FIELD = 10_000;
const DIRECTIVE =
  /%([+\-# 0]*)(?:\[(\d+)\])?(\*|\d+)?(?:(\.)(?:\[(\d+)\])?(\*|\d+)?)?(?:\[(\d+)\])?([\s\S]?)/gu;

/** Hands out operands in turn, or by `[n]`. */
class Operands {
  readonly values: readonly GoValue[];
  #next = 0;
  #reordered = false;

  constructor(values: readonly GoValue[]) {
    this.values = values;
  }

  /** Makes the `index`-th operand (from 1) the next one; false when there is none. */
  seek(index: string): boolean {
    this.#reordered = true;
    this.#next = Number(index) - 1;
    return this.#next >= 0 && this.#next < this.values.length;
  }

  take(): { value: GoValue } | undefined {
    return this.#next < this.values.length ? { value: this.values[this.#next++] } : undefined;
  }

  /** Go complains about operands that no verb asked for, unless the format chose them by number. */
  extra(): readonly GoValue[] {
    return this.#reordered ? [] : this.values.slice(this.#next);
  }
}

/** A width or precision: digits, or `*` for the next operand. NaN: an operand that cannot be one. */
function field(text: string | undefined, operands: Operands): number | undefined {
  if (text === undefined) return undefined;
  if (text !== "*") return Number(text) > MAX_FIELD ? undefined : Number(text);
  const operand = unboxed(operands.take()?.value);
  return typeof operand === "bigint" && operand >= -MAX_FIELD && operand <= MAX_FIELD
    ? Number(operand)
    : Number.NaN;
}

/** The text for one match of {@link DIRECTIVE}. */
function directiveText(match: RegExpExecArray, operands: Operands): string {
  const [, flags = "", widthIndex, widthText, point, precisionIndex, precisionText, valueIndex, verb = ""] =
    match;
  let reachable = widthIndex === undefined || operands.seek(widthIndex);
  const width = field(widthText, operands);
  if (precisionIndex !== undefined) reachable = operands.seek(precisionIndex) && reachable;
  const precision = point === undefined ? undefined : (field(precisionText, operands) ?? 0);
  if (valueIndex !== undefined) reachable = operands.seek(valueIndex) && reachable;
  let complaint = Number.isNaN(width) ? "%!(BADWIDTH)" : "";
  if (Number.isNaN(precision)) complaint += "%!(BADPREC)";
  if (verb === "") return `${complaint}%!(NOVERB)`;
  if (verb === "%") return `${complaint}%`;
  if (!reachable) return `${complaint}%!${verb}(BADINDEX)`;
  const operand = operands.take();
  if (operand === undefined) return `${complaint}%!${verb}(MISSING)`;
  return complaint + formatOperand(operand.value, directive(flags, width, precision, verb));
}

/** A negative width (from `*`) aligns to the left, a negative precision counts as none. */
function directive(flags: string, width = 0, precision: number | undefined, verb: string): Directive {
  const known = (value: number | undefined) =>
    value === undefined || Number.isNaN(value) ? undefined : value;
  return {
    flags: width < 0 ? `${flags}-` : flags,
    width: Math.abs(known(width) ?? 0),
    precision: precision !== undefined && precision < 0 ? undefined : known(precision),
    verb,
  };
}

const extraText = (value: GoValue): string => {
  const inner = unboxed(value);
  return inner === undefined ? "<nil>" : `${formatType(inner)}=${formatValue(inner)}`;
};

/** Go's `fmt.Sprintf`, its complaints inside the text included (`%!d(string=x)`, `%!s(MISSING)`, `%!(EXTRA int=1)`). */
export function sprintf(format: string, values: readonly GoValue[]): string {
  const operands = new Operands(values);
  let text = "";
  let copied = 0;
  for (const match of format.matchAll(DIRECTIVE)) {
    text += format.slice(copied, match.index) + directiveText(match, operands);
    copied = match.index + match[0].length;
  }
  text += format.slice(copied);
  const extra = operands.extra();
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.map(extraText).join(", ")})`;
}
