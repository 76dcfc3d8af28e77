import type { Clock } from "../../lib/clock.ts";
import { equalsAny, lessThan } from "./compare.ts";
import { escapeHtml, escapeJs, escapeQuery } from "./escape.ts";
import { formatValue, sprint } from "./format-value.ts";
import type { FunctionName } from "./function-names.ts";
import { toGoJson } from "./go-json.ts";
import { index, length, slice } from "./indexing.ts";
import { sprintf } from "./printf.ts";
import { typeScriptType } from "./typescript-type.ts";
import { type GoValue, isGoTrue, unboxed } from "./value.ts";

/** Tells the date. */
export type TemplateClock = Pick<Clock, "now">;

/** A function that a template calls, other than `and`, `or` and `call`, which the evaluator itself knows. */
export interface TemplateFunction {
  /** Least number of arguments, and whether there may be more. */
  fixed: number;
  variadic: boolean;
  /** Types that Go demands of the fixed and of the other arguments; `any` takes every value, `value` also the absence of one. */
  fixedType: ArgumentType;
  restType: ArgumentType;
  run: (args: readonly GoValue[]) => GoValue;
}

export type ArgumentType = "string" | "any" | "value";

/** The local calendar date some days before `ms`. */
function localDate(ms: number, daysBefore: number): string {
  const date = new Date(ms);
  date.setDate(date.getDate() - daysBefore);
  const pad = (value: number, digits: number): string => String(value).padStart(digits, "0");
  return `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1, 2)}-${pad(date.getDate(), 2)}`;
}

/** Go's escapers print an operand that is no value as templates do, `<no value>`; inside `fmt.Sprint` it would be `<nil>`. */
const operandText = (args: readonly GoValue[]): string =>
  sprint(args.map((arg) => (unboxed(arg) === undefined ? "<no value>" : arg)));

const fixed = (
  count: number,
  run: TemplateFunction["run"],
  type: ArgumentType = "value",
): TemplateFunction => ({
  fixed: count,
  variadic: false,
  fixedType: type,
  restType: type,
  run,
});

const variadic = (count: number, type: ArgumentType, run: TemplateFunction["run"]): TemplateFunction => ({
  fixed: count,
  variadic: true,
  fixedType: type,
  restType: type,
  run,
});

const lessOrEqual = (a: GoValue, b: GoValue): boolean => lessThan(a, b) || equalsAny(a, [b]);

/** The functions of one execution; dates come from `clock`, in local time (docs/behaviour: modelfile §2). */
export function templateFunctions(
  clock: TemplateClock,
): Record<Exclude<FunctionName, "and" | "or" | "call">, TemplateFunction> {
  return {
    not: fixed(1, ([value]) => !isGoTrue(value)),
    eq: variadic(1, "value", ([first, ...others]) => equalsAny(first, others)),
    ne: fixed(2, ([a, b]) => !equalsAny(a, [b])),
    lt: fixed(2, ([a, b]) => lessThan(a, b)),
    le: fixed(2, ([a, b]) => lessOrEqual(a, b)),
    gt: fixed(2, ([a, b]) => !lessOrEqual(a, b)),
    ge: fixed(2, ([a, b]) => !lessThan(a, b)),
    len: fixed(1, ([value]) => length(value)),
    index: variadic(1, "value", ([item, ...indexes]) => index(item, indexes)),
    slice: variadic(1, "value", ([item, ...indexes]) => slice(item, indexes)),
    print: variadic(0, "any", sprint),
    printf: {
      fixed: 1,
      variadic: true,
      fixedType: "string",
      restType: "any",
      run: ([format, ...values]) => sprintf(formatValue(format), values),
    },
    println: variadic(0, "any", (args) => `${args.map((arg) => formatValue(arg)).join(" ")}\n`),
    html: variadic(0, "any", (args) => escapeHtml(operandText(args))),
    js: variadic(0, "any", (args) => escapeJs(operandText(args))),
    urlquery: variadic(0, "any", (args) => escapeQuery(operandText(args))),
    json: fixed(1, ([value]) => toGoJson(value), "any"),
    currentDate: variadic(0, "string", () => localDate(clock.now(), 0)),
    yesterdayDate: variadic(0, "string", () => localDate(clock.now(), 1)),
    toTypeScriptType: fixed(1, ([property]) => typeScriptType(property), "any"),
  };
}
