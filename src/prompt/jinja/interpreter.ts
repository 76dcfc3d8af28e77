import { type Environment, Interpreter } from "@huggingface/jinja";
import type { Budget } from "../../lib/budget.ts";
import { type Arguments, argumentValues, evaluateArguments } from "./arguments.ts";
import { JinjaBudget } from "./budget.ts";
import {
  costOfComparison,
  costOfIndent,
  costOfMade,
  costOfPieces,
  costOfPlaces,
  costOfSearch,
  costOfSlice,
  costOfTurns,
  costOfUse,
  isConstantFilter,
  isConstantMethod,
  walks,
} from "./cost.ts";
import { jinjaFilter, passesTest } from "./filters.ts";
import { contains, elementsOf, equal, isNothing, isText, jinjaList, runtimeValue } from "./make-value.ts";
import { jinjaMethod } from "./methods.ts";
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
import { ownOperation } from "./operators.ts";
import { compareMixed, textOf } from "./values.ts";

const entriesOf = ({ value }: JinjaValue): JinjaValue[] =>
  value instanceof Map ? [...value.values()] : Array.isArray(value) ? value : [];
const isCollection = ({ value }: JinjaValue): boolean => value instanceof Map || Array.isArray(value);

/** Filters that walk through everything inside a list or mapping. */
const DEEP_FILTERS = new Set<unknown>(["tojson"]);

/** Filters whose arguments decide how much longer a text, or a list, becomes. */
const GROWING_FILTERS = new Set<unknown>(["tojson", "indent", "replace"]);
const INDENTING_FILTERS = new Set<unknown>(["tojson", "indent"]);
const MAX_INDENT = 1_000;

/** Tests that look at all of a text. */
const TEXT_TESTS = new Set(["lower", "upper"]);
/** Types of values that Python writes in another way than JavaScript. */
const WRITTEN_BY_PYTHON = new Set(["BooleanValue", "FloatValue"]);
const COLLECTION_OPERATORS = new Set(["==", "!=", "in", "not in"]);
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
 * `@huggingface/jinja`, with an end to what a hostile template can do (see {@link JinjaBudget}), and with those parts of Jinja that
 * templates use and the package refuses: filters, tests and methods as Jinja2 and llama.cpp have them, tuples to unpack, numbers as
 * keys, nothing where text is wanted.
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
      case "TestExpression":
        return this.#test(node as NodeOf<"TestExpression">, environment);
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
    if (value.type === "BooleanValue") return runtimeValue(textOf(value));
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
    const name = filterName(node.filter);
    const own = jinjaFilter(name);
    if (own !== undefined) {
      const args = this.#arguments(node.filter.args ?? [], environment);
      if (!isConstantFilter(name, operand)) this.#payForOwn(name, operand, args);
      return own(operand, args, (other, value, rest) => this.#apply(other, value, rest, environment));
    }
    const filter = this.#withKnownArguments(node.filter, environment);
    if (isCollection(operand) && DEEP_FILTERS.has(name)) this.#budget.spendOnAll(operand);
    this.#payForUse(name, operand, GROWING_FILTERS.has(name) ? argumentValues(filter.args) : []);
    return super.evaluate({ ...node, filter, operand: evaluated(operand) } as JinjaNode, environment);
  }

  /** Pays for a filter or method of our own. It may compare each element with its arguments, or take a text apart. */
  #payForOwn(name: unknown, self: JinjaValue, { positional, named }: Arguments): void {
    const given = [...positional, ...named.values()];
    this.#budget.spend(costOfUse(name, self, given));
    if (walks(name, self)) this.#budget.spendOnAll(self);
    for (const each of given) {
      if (!isCollection(each)) continue;
      const values = this.#budget.spendOnAll(each);
      if (!isText(self)) this.#budget.spend(costOfSearch(self, values));
    }
    if (isText(self)) this.#budget.spend(costOfPieces(name, self) + costOfPlaces(name, self, given));
  }

  /** Another filter, by its name. */
  #apply(name: string, value: JinjaValue, args: Arguments, environment: Environment): JinjaValue {
    const named = [...args.named].map(([key, each]) => ({
      type: "KeywordArgumentExpression",
      key: { type: "Identifier", value: key },
      value: evaluated(each),
    }));
    const callee = { type: "Identifier", value: name };
    const filter = { type: "CallExpression", callee, args: [...args.positional.map(evaluated), ...named] };
    const node = { type: "FilterExpression", operand: evaluated(value), filter };
    return this.evaluate(node as JinjaNode, environment);
  }

  #arguments(nodes: readonly Argument[], environment: Environment): Arguments {
    return evaluateArguments(nodes, (node) => this.evaluate(node, environment));
  }

  /** A test with arguments has become a filter by now (tests-with-arguments.ts). */
  #test(node: NodeOf<"TestExpression">, environment: Environment): JinjaValue {
    const operand = this.evaluate(node.operand, environment);
    if (TEXT_TESTS.has(node.test.value)) this.#budget.spend(costOfUse(node.test.value, operand, []));
    return runtimeValue(passesTest(node.test.value, operand) !== node.negate);
  }

  /** Pays for a filter of the package. Only a width of indentation makes much text out of a small number. */
  #payForUse(name: unknown, self: JinjaValue, args: readonly JinjaValue[]): void {
    this.#budget.spend(costOfUse(name, self, args));
    if (!INDENTING_FILTERS.has(name)) return;
    for (const { value: width } of args.flatMap((arg) => [arg, ...entriesOf(arg)])) {
      if (typeof width !== "number") continue;
      if (width > MAX_INDENT) throw new Error(`an indentation of more than ${MAX_INDENT}`);
      this.#budget.spend(costOfIndent(self, width));
    }
  }

  /** The same filter with evaluated arguments, where its cost depends on them. */
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
    if (operator === "~" && (WRITTEN_BY_PYTHON.has(left.type) || WRITTEN_BY_PYTHON.has(right.type))) {
      for (const side of [left, right]) this.#budget.spendOnAll(side);
      return runtimeValue(textOf(left) + textOf(right));
    }
    if (isCollection(left) && isCollection(right) && COLLECTION_OPERATORS.has(operator)) {
      return this.#compared(operator, left, right);
    }
    if (operator === "~")
      for (const side of [left, right]) if (isCollection(side)) this.#budget.spendOnAll(side);
    if (COMPARISONS.has(operator)) this.#budget.spend(costOfComparison(operator, left, right));
    const own = ownOperation(operator, left, right);
    if (own !== undefined) return own;
    const mixed = ORDERINGS.has(operator) ? compareMixed(operator, left.value, right.value) : undefined;
    if (mixed !== undefined) return runtimeValue(mixed);
    const sides = { left: evaluated(left), right: evaluated(right) };
    return super.evaluate({ ...node, ...sides } as JinjaNode, environment);
  }

  /** Lists and mappings are equal when all their elements are. */
  #compared(operator: string, left: JinjaValue, right: JinjaValue): JinjaValue {
    for (const side of [left, right]) this.#budget.spendOnAll(side);
    if (operator === "==" || operator === "!=")
      return runtimeValue(equal(left, right) === (operator === "=="));
    return runtimeValue(contains(right, left) === (operator === "in"));
  }

  #call(node: NodeOf<"CallExpression">, environment: Environment): JinjaValue {
    const { object, property, computed } = node.callee;
    if (object === undefined || computed !== false) return super.evaluate(node, environment);
    const name = property?.value;
    const self = this.evaluate(object, environment);
    const method = jinjaMethod(self, name);
    if (method !== undefined) {
      const given = this.#arguments(node.args, environment);
      if (!isConstantMethod(name)) this.#payForOwn(name, self, given);
      return method(given);
    }
    const args = this.#known(node.args, environment);
    this.#budget.spend(costOfUse(name, self, argumentValues(args)));
    const callee = { ...node.callee, object: evaluated(self) };
    return super.evaluate({ ...node, callee, args } as JinjaNode, environment);
  }

  #member(node: NodeOf<"MemberExpression">, environment: Environment): JinjaValue {
    if (node.property?.type !== "SliceExpression") return super.evaluate(node, environment);
    const object = this.evaluate(node.object, environment);
    this.#budget.spend(costOfSlice(object));
    return super.evaluate({ ...node, object: evaluated(object) } as JinjaNode, environment);
  }

  /** The elements that a loop goes through: the characters of a text, and none of an undefined value. */
  #elements(value: JinjaValue): JinjaValue {
    if (isCollection(value) || value.type === "NullValue") return value;
    this.#budget.spend(costOfPieces("list", value));
    return jinjaList(elementsOf(value));
  }

  #loop(node: NodeOf<"For">, environment: Environment): JinjaValue {
    const selects = node.iterable.type === "SelectExpression";
    const list = (selects ? node.iterable.lhs : undefined) ?? node.iterable;
    const elements = this.#elements(this.evaluate(list, environment));
    this.#budget.spend(costOfTurns(elements));
    const iterable = selects ? { ...node.iterable, lhs: evaluated(elements) } : evaluated(elements);
    return super.evaluate({ ...node, iterable } as JinjaNode, environment);
  }
}
