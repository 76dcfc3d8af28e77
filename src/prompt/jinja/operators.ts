import { Arguments } from "./arguments.ts";
import { costOfPlaces } from "./cost.ts";
import { floatOf, isNumber, isText, jinjaList, runtimeValue } from "./make-value.ts";
import type { JinjaValue } from "./nodes.ts";
import { formatPercent } from "./percent.ts";

/** Most characters, or elements, that a repetition may make. */
const MAX_REPEATED = 1_000_000;

function repeated(value: JinjaValue, times: number): JinjaValue {
  const { value: inner } = value;
  const count = Math.max(0, times);
  const length = typeof inner === "string" || Array.isArray(inner) ? inner.length : 0;
  if (length * count > MAX_REPEATED) throw new Error(`a repetition of more than ${MAX_REPEATED}`);
  if (typeof inner === "string") return runtimeValue(inner.repeat(count));
  return jinjaList(Array.from({ length: count }, () => inner as JinjaValue[]).flat());
}

const isRepeatable = (value: JinjaValue): boolean => isText(value) || Array.isArray(value.value);
const isInteger = ({ type }: JinjaValue): boolean => type === "IntegerValue";

/** A remainder with the sign of the divisor, as Python has it. */
function remainder(left: JinjaValue, right: JinjaValue): JinjaValue {
  const [a, b] = [Number(left.value), Number(right.value)];
  if (b === 0) throw new Error("division by zero");
  const rest = a - Math.floor(a / b) * b;
  return isInteger(left) && isInteger(right) ? runtimeValue(rest) : floatOf(rest);
}

/** `'%s and %s' % ('a', 'b')`. */
function formatted(text: JinjaValue, right: JinjaValue): JinjaValue {
  const { value } = right;
  const positional = Array.isArray(value) ? value : [right];
  costOfPlaces("format", text, positional);
  const named = value instanceof Map ? value : new Map<string, JinjaValue>();
  return runtimeValue(formatPercent(String(text.value), new Arguments(positional, named)));
}

/** The result of an operator that the package lacks or does otherwise than Python. Undefined: the package does it. */
export function ownOperation(operator: string, left: JinjaValue, right: JinjaValue): JinjaValue | undefined {
  if (operator === "%" && isText(left)) return formatted(left, right);
  if (operator === "%" && isNumber(left) && isNumber(right)) return remainder(left, right);
  if (operator !== "*") return undefined;
  if (isRepeatable(left) && isInteger(right)) return repeated(left, Number(right.value));
  return isInteger(left) && isRepeatable(right) ? repeated(right, Number(left.value)) : undefined;
}
