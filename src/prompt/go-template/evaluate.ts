import type { Budget } from "../../lib/budget.ts";
import type {
  AnyNode,
  ChainNode,
  CommandNode,
  GoTemplate,
  IdentifierNode,
  NumberNode,
  OperandNode,
  PipeNode,
  VariableNode,
} from "./ast.ts";
import { costOfCall, costOfResult, STEP_MICROS, VARIABLE_MICROS } from "./cost.ts";
import { GoTemplateError } from "./error.ts";
import type { ArgumentType, TemplateFunction } from "./functions.ts";
import { callNothing } from "./indexing.ts";
import { nodeText } from "./node-text.ts";
import { goQuote } from "./quote.ts";
import {
  elementOf,
  type GoValue,
  isGoTrue,
  isKind,
  NIL_INTERFACE,
  typeName,
  unboxed,
  zeroOf,
} from "./value.ts";

/** Longest text, in UTF-16 units, that a function may return: templates come from strangers. */
const MAX_TEXT = 8 * 1024 * 1024;

interface Variable {
  name: string;
  value: GoValue;
}

/** The value of the earlier stage of a pipeline; undefined for the first stage. */
type Piped = { value: GoValue } | undefined;

/** Evaluates the pipelines of one template: its variables, and the node to blame in errors. */
export class PipelineEvaluator {
  readonly variables: Variable[];
  readonly name: string;
  readonly #template: GoTemplate;
  readonly #functions: Record<string, TemplateFunction>;
  readonly #budget: Budget;
  #blamed: AnyNode;

  /** @param name of the template that runs, "" for the main one. */
  constructor(
    template: GoTemplate,
    name: string,
    dollar: GoValue,
    functions: Record<string, TemplateFunction>,
    budget: Budget,
  ) {
    this.variables = [{ name: "$", value: dollar }];
    this.name = name;
    this.#template = template;
    this.#functions = functions;
    this.#budget = budget;
    this.#blamed = template.root;
  }

  /** Makes errors from here on point at `node`. */
  at(node: AnyNode): void {
    this.#blamed = node;
  }

  /** @throws GoTemplateError always, with Go's prefix: place, template name and the source of the node to blame. */
  fail(message: string): never {
    const before = this.#template.text.slice(0, this.#blamed.pos);
    const line = before.split("\n").length;
    const column = Buffer.byteLength(before.slice(before.lastIndexOf("\n") + 1));
    const place = `template: :${line}:${column}: executing ${goQuote(this.name)}`;
    throw new GoTemplateError(`${place} at <${nodeText(this.#blamed)}>: ${message}`);
  }

  /** The pipeline's value, out of its interface. Variables that it declares stay until the caller shortens `variables`. */
  pipeline(dot: GoValue, pipe: PipeNode): GoValue {
    this.at(pipe);
    let piped: Piped;
    for (const command of pipe.commands) piped = { value: unboxed(this.#command(dot, command, piped)) };
    for (const name of pipe.variables) {
      if (pipe.assigns) this.assign(name, piped?.value);
      else this.variables.push({ name, value: piped?.value });
    }
    return piped?.value;
  }

  /** Overwrites the innermost variable of that name. */
  assign(name: string, value: GoValue): void {
    this.#budget.spend(this.variables.length * VARIABLE_MICROS);
    const variable = this.variables.findLast((candidate) => candidate.name === name);
    if (variable === undefined) this.fail(`undefined variable: ${name}`);
    variable.value = value;
  }

  #command(dot: GoValue, command: CommandNode, piped: Piped): GoValue {
    this.#budget.spend(STEP_MICROS * command.operands.length);
    const first = command.operands[0]!;
    const hasArguments = command.operands.length > 1 || piped !== undefined;
    switch (first.type) {
      case "field":
        this.at(first);
        return this.#fields(dot, first.path, hasArguments);
      case "chain":
        return this.#chain(dot, first, hasArguments);
      case "variable":
        return this.#variable(first, hasArguments);
      case "identifier":
        return this.#call(dot, first, command, command.operands.slice(1), piped);
      case "pipe":
        this.#refuseArguments(first, hasArguments);
        return this.pipeline(dot, first);
      default:
        this.at(first);
        this.#refuseArguments(first, hasArguments);
        if (first.type === "nil") return this.fail("nil is not a command");
        return first.type === "dot" ? dot : this.#literal(first);
    }
  }

  #refuseArguments(node: OperandNode, hasArguments: boolean): void {
    if (hasArguments) this.fail(`can't give argument to non-function ${nodeText(node)}`);
  }

  #literal(node: Extract<OperandNode, { type: "bool" | "number" | "string" }>): GoValue {
    return node.type === "number" ? this.#number(node) : node.value;
  }

  #number(node: NumberNode): bigint | number {
    this.at(node);
    return node.value ?? this.fail(`${node.text} overflows int`);
  }

  #variable(node: VariableNode, hasArguments: boolean): GoValue {
    this.at(node);
    this.#budget.spend(this.variables.length * VARIABLE_MICROS);
    const found = this.variables.findLast((candidate) => candidate.name === node.name);
    if (found === undefined) return this.fail(`undefined variable: ${node.name}`);
    if (node.path.length > 0) return this.#fields(found.value, node.path, hasArguments);
    this.#refuseArguments(node, hasArguments);
    return found.value;
  }

  #chain(dot: GoValue, chain: ChainNode, hasArguments: boolean): GoValue {
    this.at(chain);
    if (chain.term.type === "nil") this.fail(`indirection through explicit nil in ${nodeText(chain)}`);
    return this.#fields(this.#operand(dot, chain.term), chain.path, hasArguments);
  }

  #fields(receiver: GoValue, path: readonly string[], hasArguments: boolean): GoValue {
    return path.reduce<GoValue>(
      (value, name, depth) => this.#field(value, name, hasArguments && depth === path.length - 1),
      receiver,
    );
  }

  #field(receiver: GoValue, name: string, hasArguments: boolean): GoValue {
    if (receiver === undefined) return undefined;
    const inner = unboxed(receiver);
    if (inner === undefined) return this.fail(`nil pointer evaluating ${typeName(receiver)}.${name}`);
    if (isKind(inner, "map")) {
      if (hasArguments) this.fail(`${name} is not a method but has arguments`);
      return elementOf(inner, inner.entries.has(name) ? inner.entries.get(name) : zeroOf(inner.element));
    }
    if (isKind(inner, "struct") && inner.fields.has(name)) {
      if (hasArguments) this.fail(`${name} has arguments but cannot be invoked as function`);
      return inner.fields.get(name);
    }
    return this.fail(`can't evaluate field ${name} in type ${typeName(receiver)}`);
  }

  /** @param blamed the node that an error of the function itself points at. */
  #call(
    dot: GoValue,
    node: IdentifierNode,
    blamed: AnyNode,
    args: readonly OperandNode[],
    piped: Piped,
  ): GoValue {
    const { name } = node;
    this.at(node);
    if (name === "and" || name === "or") return this.#logic(dot, name, args, piped);
    if (name === "call") return this.#callValue(dot, blamed, args, piped);
    const fn = this.#functions[name];
    if (fn === undefined) return this.fail(`${goQuote(name)} is not a defined function`);
    this.#checkCount(name, fn, args.length, piped);
    const values = args.map((arg, index) =>
      this.#argument(dot, arg, index < fn.fixed ? fn.fixedType : fn.restType),
    );
    if (piped !== undefined) {
      values.push(this.#validate(piped.value, values.length < fn.fixed ? fn.fixedType : fn.restType));
    }
    this.#budget.spend(costOfCall(name, values));
    const result = this.#guard(name, blamed, () => fn.run(values));
    this.#budget.spend(costOfResult(result));
    if (typeof result === "string" && result.length > MAX_TEXT) this.fail("text too long");
    return result;
  }

  #checkCount(name: string, fn: TemplateFunction, count: number, piped: Piped): void {
    const given = count + (piped === undefined ? 0 : 1);
    const problem = `wrong number of args for ${name}: want`;
    if (fn.variadic && given < fn.fixed) this.fail(`${problem} at least ${fn.fixed} got ${count}`);
    if (!fn.variadic && given !== fn.fixed) this.fail(`${problem} ${fn.fixed} got ${given}`);
  }

  /** `and` and `or` return the operand that decides, and evaluate none after it. */
  #logic(dot: GoValue, name: "and" | "or", args: readonly OperandNode[], piped: Piped): GoValue {
    if (args.length === 0 && piped === undefined)
      this.fail(`wrong number of args for ${name}: want at least 1 got 0`);
    let value: GoValue;
    for (const arg of args) {
      value = this.#argument(dot, arg, "value");
      if (isGoTrue(value) === (name === "or")) return value;
    }
    return piped === undefined ? value : piped.value;
  }

  #callValue(dot: GoValue, blamed: AnyNode, args: readonly OperandNode[], piped: Piped): GoValue {
    const [callee] = args;
    if (callee === undefined && piped === undefined)
      this.fail("wrong number of args for call: want at least 1 got 0");
    const values = args.map((arg) => this.#argument(dot, arg, "value"));
    const calleeName = callee === undefined ? reflected(piped?.value) : nodeText(callee);
    return this.#guard("call", blamed, () =>
      callNothing(callee === undefined ? piped?.value : values[0], calleeName),
    );
  }

  /** Gives a function's own failure the place of the call. */
  #guard(name: string, blamed: AnyNode, run: () => GoValue): GoValue {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof GoTemplateError)) throw error;
      this.at(blamed);
      return this.fail(`error calling ${name}: ${error.message}`);
    }
  }

  #argument(dot: GoValue, node: OperandNode, type: ArgumentType): GoValue {
    this.at(node);
    if (node.type === "nil") {
      if (type === "string") this.fail("cannot assign nil to string");
      return type === "any" ? NIL_INTERFACE : undefined;
    }
    if (node.type === "bool" || node.type === "number" || node.type === "string") {
      if (type === "string" && node.type !== "string") this.fail(`expected string; found ${nodeText(node)}`);
      return this.#literal(node);
    }
    return this.#validate(this.#operand(dot, node), type);
  }

  /** An operand that is not a literal, still in its interface. */
  #operand(dot: GoValue, node: OperandNode): GoValue {
    this.at(node);
    switch (node.type) {
      case "dot":
        return dot;
      case "field":
        return this.#fields(dot, node.path, false);
      case "variable":
        return this.#variable(node, false);
      case "pipe":
        return this.pipeline(dot, node);
      case "identifier":
        return this.#call(dot, node, node, [], undefined);
      case "chain":
        return this.#chain(dot, node, false);
      default:
        return node.type === "nil" ? undefined : this.#literal(node);
    }
  }

  #validate(value: GoValue, type: ArgumentType): GoValue {
    if (type === "value") return value;
    if (type === "any") return value ?? NIL_INTERFACE;
    if (value === undefined) return this.fail("invalid value; expected string");
    const inner = unboxed(value);
    if (typeof inner === "string") return inner;
    return this.fail(`wrong type for value; expected string; got ${typeName(inner ?? value)}`);
  }
}

/** Go's `reflect.Value.String`: a string as it is, of anything else only the type. */
const reflected = (value: GoValue): string =>
  typeof value === "string" ? value : `<${value === undefined ? "invalid" : typeName(value)} Value>`;
