import { Environment, Interpreter } from "@huggingface/jinja";
import { JinjaBudget } from "./budget.ts";
import {
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

const INDENTING_FILTERS = new Set<unknown>(["tojson", "indent"]);
const MAX_INDENT = 1_000;

/** Filters of text, which take nothing for the empty text. */
const TEXT_FILTERS = new Set<unknown>(["trim", "lower", "upper", "title", "capitalize", "string"]);
/** Methods that the package lacks: two of lists, one of texts. */
const METHODS = new Set<unknown>(["append", "pop", "format"]);
const COMPARISONS = new Set(["<", "<=", ">", ">="]);

/**
 * `@huggingface/jinja`, with an end to what a hostile template can do (see {@link JinjaBudget}), and with those parts of Jinja as
 * llama.cpp has it that templates use and the package refuses: tuples to unpack, numbers as keys, `min` and `max`, `string` of
 * lists and mappings, `append`, `pop` and `format`, nothing where text is wanted.
 */
export class JinjaInterpreter extends Interpreter {
  readonly #budget = new JinjaBudget();

  override evaluate(node: JinjaNode | undefined, environment: Environment): JinjaValue {
    if (node === undefined) return super.evaluate(node, environment);
    const value = this.#budget.within(() => this.#evaluate(node, environment));
    this.#budget.spend(value.value);
    return value;
  }

  #evaluate(node: JinjaNode, environment: Environment): JinjaValue {
    switch (node.type) {
      case EVALUATED:
        return (node as Evaluated).value;
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
    const name = node.filter.type === "Identifier" ? node.filter.value : undefined;
    if (isCollection(operand) && DEEP_FILTERS.has(filterName(node.filter))) this.#budget.spendOnAll(operand);
    if (isNothing(operand) && TEXT_FILTERS.has(name)) return runtimeValue("");
    if (name === "string") return runtimeValue(textOf(operand));
    if (operand.type === "ArrayValue" && (name === "min" || name === "max")) {
      return least(operand.value as JinjaValue[], name === "max") ?? super.evaluate(undefined, environment);
    }
    const filter = this.#boundedFilter(node.filter, environment);
    return super.evaluate({ ...node, filter, operand: evaluated(operand) } as JinjaNode, environment);
  }

  /** Widths of indentation are the one thing that makes much out of a small number. */
  #boundedFilter(filter: Filter, environment: Environment): Filter {
    const { args } = filter;
    if (args === undefined || !INDENTING_FILTERS.has(filterName(filter))) return filter;
    const bounded = (node: JinjaNode): JinjaNode => {
      const value = this.evaluate(node, environment);
      for (const { value: width } of [value, ...entriesOf(value)]) {
        if (typeof width === "number" && width > MAX_INDENT)
          throw new Error(`an indentation of more than ${MAX_INDENT}`);
      }
      return evaluated(value);
    };
    const known = args.map((each): JinjaNode => {
      if (each.type === "KeywordArgumentExpression" && each.value !== undefined)
        return { ...each, value: bounded(each.value) } as JinjaNode;
      return each.argument === undefined
        ? bounded(each)
        : ({ ...each, argument: bounded(each.argument) } as JinjaNode);
    });
    return { ...filter, args: known };
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
    const mixed = COMPARISONS.has(operator) ? compareMixed(operator, left.value, right.value) : undefined;
    if (mixed !== undefined) return runtimeValue(mixed);
    const sides = { left: evaluated(left), right: evaluated(right) };
    return super.evaluate({ ...node, ...sides } as JinjaNode, environment);
  }

  #call(node: NodeOf<"CallExpression">, environment: Environment): JinjaValue {
    const { object, property, computed } = node.callee;
    if (object === undefined || computed !== false || !METHODS.has(property?.value))
      return super.evaluate(node, environment);
    const self = this.evaluate(object, environment);
    const callee = { ...node.callee, object: evaluated(self) };
    const isOurs = self.type === (property?.value === "format" ? "StringValue" : "ArrayValue");
    if (!isOurs) return super.evaluate({ ...node, callee } as JinjaNode, environment);
    const args = node.args.map((each) => this.evaluate(each, environment));
    if (property?.value === "format") return runtimeValue(formatText(String(self.value), args));
    const list = self.value as JinjaValue[];
    return property?.value === "pop" ? popFrom(list, args[0]) : appendTo(list, args[0]);
  }
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
