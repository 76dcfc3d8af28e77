import { Environment, Interpreter } from "@huggingface/jinja";
import type { Budget } from "../../lib/budget.ts";
import { JinjaBudget } from "./budget.ts";
import { costOfComparison, costOfIndent, costOfMade, costOfSlice, costOfTurns, costOfUse } from "./cost.ts";
import {
  type Argument,
  EVALUATED,
  type Evaluated,
  evaluated,
  type Filter,
  filterName,
  type JinjaNode,
  type JinjaValue,
  type NodeOf,
} from "./nodes.ts";
import { compareMixed, formatText, least, textOf } from "./values.ts";

/** A JavaScript value as the interpreter has it. */
const runtimeValue = (value: unknown): JinjaValue => new Environment().set("value", value);

const isNothing = ({ type }: JinjaValue): boolean => type === "UndefinedValue" || type === "NullValue";

const entriesOf = ({ value }: JinjaValue): JinjaValue[] =>
  value instanceof Map ? [...value.values()] : Array.isArray(value) ? value : [];
const isCollection = ({ value }: JinjaValue): boolean => value instanceof Map || Array.isArray(value);

/** Filters that walk through all that is in a list or mapping. */
const DEEP_FILTERS = new Set<unknown>(["tojson", "string", "join"]);

/** Filters that make more of a text, or of a list, than there was, by their arguments. */
const GROWING_FILTERS = new Set<unknown>(["tojson", "indent", "replace", "join", "split"]);
const INDENTING_FILTERS = new Set<unknown>(["tojson", "indent"]);
const MAX_INDENT = 1_000;

/** Filters of text, which take nothing for the empty text. */
const TEXT_FILTERS = new Set<unknown>(["trim", "lower", "upper", "title", "capitalize", "string"]);
/** Methods that the package lacks: two of lists, one of texts. */
const METHODS = new Set<unknown>(["append", "pop", "format"]);
/** Nodes whose values are new, where those of others are only passed on. */
const MAKING = new Set([
  "FilterExpression",
  "CallExpression",
  "BinaryExpression",
  "ArrayLiteral",
  "TupleLiteral",
]);
const ORDERINGS = new Set(["<", "<=", ">", ">="]);
const COMPARISONS = new Set([...ORDERINGS, "==", "!=", "in", "not in"]);

/**
 * `@huggingface/jinja`, with an end to what a hostile template can do (see {@link JinjaBudget}), and with those parts of Jinja as
 * llama.cpp has it that templates use and the package refuses: tuples to unpack, numbers as keys, `min` and `max`, `string` of
 * lists and mappings, `append`, `pop` and `format`, nothing where text is wanted.
 */
export class JinjaInterpreter extends Interpreter {
  readonly #budget: JinjaBudget;

  constructor(environment: Environment, budget: Budget) {
    super(environment);
    this.#budget = new JinjaBudget(budget);
  }

  override evaluate(node: JinjaNode | undefined, environment: Environment): JinjaValue {
    if (node === undefined) return super.evaluate(node, environment);
    if (node.type === EVALUATED) return (node as Evaluated).value;
    const value = this.#budget.within(() => this.#evaluate(node, environment));
    this.#budget.spendOnStep(value);
    // Putting two texts together takes no time, whatever their length: they stay where they are.
    const joins = node.type === "BinaryExpression" && value.type === "StringValue";
    if (MAKING.has(node.type) && !joins) this.#budget.spend(costOfMade(value));
    return value;
  }

  #evaluate(node: JinjaNode, environment: Environment): JinjaValue {
    switch (node.type) {
      case "llamero-printed":
        return this.#printed(node as NodeOf<"llamero-printed">, environment);
      case "TupleLiteral":
        return super.evaluate({ ...node, type: "ArrayLiteral" }, environment);
      case "ObjectLiteral":
        return this.#mapping(node as NodeOf<"ObjectLiteral">, environment);
      case "FilterExpression":
        return this.#filter(node as NodeOf<"FilterExpression">, environment);
      case "BinaryExpression":
        return this.#binary(node as NodeOf<"BinaryExpression">, environment);
      case "CallExpression":
        return this.#call(node as NodeOf<"CallExpression">, environment);
      case "MemberExpression":
        return this.#member(node as NodeOf<"MemberExpression">, environment);
      case "For":
        return this.#loop(node as NodeOf<"For">, environment);
      default:
        return super.evaluate(node, environment);
    }
  }

  #printed({ printed }: NodeOf<"llamero-printed">, environment: Environment): JinjaValue {
    const value = this.evaluate(printed, environment);
    if (!isCollection(value)) return value;
    this.#budget.spendOnAll(value);
    return runtimeValue(textOf(value));
  }

  #mapping(node: NodeOf<"ObjectLiteral">, environment: Environment): JinjaValue {
    const value = new Map<JinjaNode, JinjaNode>();
    for (const [key, entry] of node.value) {
      const known = this.evaluate(key, environment);
      value.set(evaluated(known.type === "IntegerValue" ? runtimeValue(String(known.value)) : known), entry);
    }
    return super.evaluate({ ...node, value } as JinjaNode, environment);
  }

  #filter(node: NodeOf<"FilterExpression">, environment: Environment): JinjaValue {
    const operand = this.evaluate(node.operand, environment);
    const filter = this.#withKnownArguments(node.filter, environment);
    const name = filterName(filter);
    if (isCollection(operand) && DEEP_FILTERS.has(name)) this.#budget.spendOnAll(operand);
    this.#payForUse(name, operand, GROWING_FILTERS.has(name) ? valuesOf(filter.args) : []);
    if (filter.type === "Identifier") {
      if (isNothing(operand) && TEXT_FILTERS.has(name)) return runtimeValue("");
      if (name === "string") return runtimeValue(textOf(operand));
      if (operand.type === "ArrayValue" && (name === "min" || name === "max")) {
        return least(operand.value as JinjaValue[], name === "max") ?? super.evaluate(undefined, environment);
      }
    }
    return super.evaluate({ ...node, filter, operand: evaluated(operand) } as JinjaNode, environment);
  }

  /** Widths of indentation are the one thing that makes much out of a small number. */
  #payForUse(name: unknown, self: JinjaValue, args: readonly JinjaValue[]): void {
    this.#budget.spend(costOfUse(name, self, args));
    if (!INDENTING_FILTERS.has(name)) return;
    for (const { value: width } of args.flatMap((arg) => [arg, ...entriesOf(arg)])) {
      if (typeof width !== "number") continue;
      if (width > MAX_INDENT) throw new Error(`an indentation of more than ${MAX_INDENT}`);
      this.#budget.spend(costOfIndent(self, width));
    }
  }

  /** The same filter with arguments that need not be evaluated again, where they matter to what it costs. */
  #withKnownArguments(filter: Filter, environment: Environment): Filter {
    const { args } = filter;
    // The package wants to see how others, such as `selectattr`, were written.
    if (args === undefined || !GROWING_FILTERS.has(filterName(filter))) return filter;
    return { ...filter, args: this.#known(args, environment) };
  }

  #known(args: readonly Argument[], environment: Environment): Argument[] {
    const known = (node: JinjaNode): JinjaNode => evaluated(this.evaluate(node, environment));
    return args.map((each): Argument => {
      if (each.type === "KeywordArgumentExpression" && each.value !== undefined)
        return { ...each, value: known(each.value) } as Argument;
      return each.argument === undefined
        ? known(each)
        : ({ ...each, argument: known(each.argument) } as Argument);
    });
  }

  #binary(node: NodeOf<"BinaryExpression">, environment: Environment): JinjaValue {
    const { value: operator } = node.operator;
    if (operator === "and" || operator === "or") return super.evaluate(node, environment);
    const left = this.evaluate(node.left, environment);
    const right = this.evaluate(node.right, environment);
    if ((operator === "+" || operator === "~") && (isNothing(left) || isNothing(right))) {
      const texts = [left, right].filter(({ type }) => type === "StringValue");
      if (texts.length === 1) return runtimeValue(textOf(texts[0]!));
    }
    if (operator === "~")
      for (const side of [left, right]) if (isCollection(side)) this.#budget.spendOnAll(side);
    if (COMPARISONS.has(operator)) this.#budget.spend(costOfComparison(operator, left, right));
    const mixed = ORDERINGS.has(operator) ? compareMixed(operator, left.value, right.value) : undefined;
    if (mixed !== undefined) return runtimeValue(mixed);
    const sides = { left: evaluated(left), right: evaluated(right) };
    return super.evaluate({ ...node, ...sides } as JinjaNode, environment);
  }

  #call(node: NodeOf<"CallExpression">, environment: Environment): JinjaValue {
    const { object, property, computed } = node.callee;
    if (object === undefined || computed !== false) return super.evaluate(node, environment);
    const name = property?.value;
    const self = this.evaluate(object, environment);
    const args = this.#known(node.args, environment);
    const values = valuesOf(args);
    this.#budget.spend(costOfUse(name, self, values));
    const callee = { ...node.callee, object: evaluated(self) };
    const isOurs = METHODS.has(name) && self.type === (name === "format" ? "StringValue" : "ArrayValue");
    if (!isOurs) return super.evaluate({ ...node, callee, args } as JinjaNode, environment);
    if (name === "format") return runtimeValue(formatText(String(self.value), values));
    const list = self.value as JinjaValue[];
    return name === "pop" ? popFrom(list, values[0]) : appendTo(list, values[0]);
  }

  #member(node: NodeOf<"MemberExpression">, environment: Environment): JinjaValue {
    if (node.property?.type !== "SliceExpression") return super.evaluate(node, environment);
    const object = this.evaluate(node.object, environment);
    this.#budget.spend(costOfSlice(object));
    return super.evaluate({ ...node, object: evaluated(object) } as JinjaNode, environment);
  }

  #loop(node: NodeOf<"For">, environment: Environment): JinjaValue {
    const selects = node.iterable.type === "SelectExpression";
    const list = (selects ? node.iterable.lhs : undefined) ?? node.iterable;
    const elements = this.evaluate(list, environment);
    this.#budget.spend(costOfTurns(elements));
    const iterable = selects ? { ...node.iterable, lhs: evaluated(elements) } : evaluated(elements);
    return super.evaluate({ ...node, iterable } as JinjaNode, environment);
  }
}

/** What arguments are once they are known; spread ones as the list or mapping that they are. */
function valuesOf(args: readonly Argument[] = []): JinjaValue[] {
  return args.map((each) => {
    const node = each.type === EVALUATED ? each : (each.argument ?? each.value);
    return (node as Evaluated).value;
  });
}

function popFrom(list: JinjaValue[], place: JinjaValue | undefined): JinjaValue {
  const popped = list.splice(Number(place?.value ?? -1), 1)[0];
  if (popped === undefined) throw new Error("pop from a list that has no such place");
  return popped;
}

function appendTo(list: JinjaValue[], value: JinjaValue | undefined): JinjaValue {
  if (value === undefined) throw new Error("append takes a value");
  list.push(value);
  return runtimeValue(null);
}
