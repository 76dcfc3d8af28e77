import { Budget } from "../../lib/budget.ts";
import type { BranchNode, CallNode, GoTemplate, ListNode, PipeNode, StatementNode } from "./ast.ts";
import { COPIED_MICROS, costOfRange, STEP_MICROS } from "./cost.ts";
import { PipelineEvaluator } from "./evaluate.ts";
import { formatValue } from "./format-value.ts";
import { type TemplateClock, type TemplateFunction, templateFunctions } from "./functions.ts";
import { goQuote } from "./quote.ts";
import { elementOf, type GoValue, goEntries, isGoTrue, isKind, unboxed } from "./value.ts";

/** Templates inside templates; Go allows 100,000, JavaScript's stack does not. */
const MAX_DEPTH = 200;
/** Longest text, in UTF-16 units, that an execution may put out: all of a large request, once. */
const MAX_OUTPUT = 64 * 1024 * 1024;

type Signal = "break" | "continue" | undefined;

/** One template being run, the main one or one that it calls. */
interface Frame {
  evaluator: PipelineEvaluator;
  depth: number;
}

/**
 * Runs a template on `data`, its dot.
 *
 * @param clock for `currentDate` and `yesterdayDate`.
 * @param budget pays for every step and for every character that a function handles.
 * @throws GoTemplateError with Go's text, or when the template would write without end; OverBudget when it would run without end.
 */
export function executeGoTemplate(
  template: GoTemplate,
  data: GoValue,
  clock: TemplateClock,
  budget = new Budget(),
): string {
  const execution = new Execution(template, templateFunctions(clock), budget);
  return execution.run(data);
}

class Execution {
  readonly #template: GoTemplate;
  readonly #functions: Record<string, TemplateFunction>;
  readonly #budget: Budget;
  #output = "";

  constructor(template: GoTemplate, functions: Record<string, TemplateFunction>, budget: Budget) {
    this.#template = template;
    this.#functions = functions;
    this.#budget = budget;
  }

  run(data: GoValue): string {
    this.#list(this.#frame("", data, 0), data, this.#template.root);
    return this.#output;
  }

  #frame(name: string, dollar: GoValue, depth: number): Frame {
    const evaluator = new PipelineEvaluator(this.#template, name, dollar, this.#functions, this.#budget);
    return { evaluator, depth };
  }

  #list(frame: Frame, dot: GoValue, list: ListNode): Signal {
    for (const node of list.nodes) {
      const signal = this.#statement(frame, dot, node);
      if (signal !== undefined) return signal;
    }
    return undefined;
  }

  #statement(frame: Frame, dot: GoValue, node: StatementNode): Signal {
    frame.evaluator.at(node);
    this.#budget.spend(STEP_MICROS);
    switch (node.type) {
      case "text":
        this.#write(frame, node.text);
        return undefined;
      case "action":
        this.#action(frame, dot, node.pipe);
        return undefined;
      case "if":
      case "with":
        return this.#branch(frame, dot, node);
      case "range":
        return this.#scoped(frame, () => this.#range(frame, dot, node));
      case "template":
        this.#call(frame, dot, node);
        return undefined;
      default:
        return node.type;
    }
  }

  #write({ evaluator }: Frame, text: string): void {
    this.#budget.spend(text.length * COPIED_MICROS);
    if (this.#output.length + text.length > MAX_OUTPUT) evaluator.fail("text too long");
    this.#output += text;
  }

  #action(frame: Frame, dot: GoValue, pipe: PipeNode): void {
    const value = frame.evaluator.pipeline(dot, pipe);
    if (pipe.variables.length === 0)
      this.#write(frame, value === undefined ? "<no value>" : formatValue(value));
  }

  /** Forgets the variables that `run` declares. */
  #scoped(frame: Frame, run: () => Signal): Signal {
    const { variables } = frame.evaluator;
    const mark = variables.length;
    const signal = run();
    variables.length = mark;
    return signal;
  }

  #branch(frame: Frame, dot: GoValue, node: BranchNode): Signal {
    return this.#scoped(frame, () => {
      const value = frame.evaluator.pipeline(dot, node.pipe);
      if (isGoTrue(value)) return this.#list(frame, node.type === "with" ? value : dot, node.body);
      return node.otherwise === undefined ? undefined : this.#list(frame, dot, node.otherwise);
    });
  }

  #range(frame: Frame, dot: GoValue, node: BranchNode): Signal {
    const { evaluator } = frame;
    const value = unboxed(evaluator.pipeline(dot, node.pipe));
    this.#budget.spend(costOfRange(value));
    const mark = evaluator.variables.length;
    let turns = 0;
    for (const [index, element] of this.#elements(frame, node, value)) {
      turns++;
      this.#budget.spend(STEP_MICROS);
      this.#bind(frame, node, index, element);
      const signal = this.#list(frame, element, node.body);
      evaluator.variables.length = mark;
      if (signal === "break") break;
    }
    return turns === 0 && node.otherwise !== undefined ? this.#list(frame, dot, node.otherwise) : undefined;
  }

  *#elements({ evaluator }: Frame, node: BranchNode, value: GoValue): Iterable<[GoValue, GoValue]> {
    if (value === undefined) return;
    if (typeof value === "bigint") {
      if (node.pipe.variables.length > 1) {
        evaluator.fail(`can't use ${value} to iterate over more than one variable`);
      }
      for (let turn = 0n; turn < value; turn++) yield [undefined, turn];
    } else if (isKind(value, "list")) {
      for (const [index, item] of value.items.entries()) yield [BigInt(index), elementOf(value, item)];
    } else if (isKind(value, "map")) {
      for (const [key, member] of goEntries(value)) yield [key, elementOf(value, member)];
    } else {
      evaluator.fail(`range can't iterate over ${formatValue(value)}`);
    }
  }

  /** Sets the loop's variables: with one it is the element, with two the index or key comes first. */
  #bind({ evaluator }: Frame, { pipe }: BranchNode, index: GoValue, element: GoValue): void {
    const names = pipe.variables;
    const values = names.length > 1 ? [index, element] : [element];
    for (const [position, name] of names.entries()) {
      if (pipe.assigns) evaluator.assign(name, values[position]);
      else
        evaluator.variables[evaluator.variables.length - names.length + position]!.value = values[position];
    }
  }

  #call(frame: Frame, dot: GoValue, node: CallNode): void {
    const evaluator: PipelineEvaluator = frame.evaluator;
    const { depth } = frame;
    const body = node.name === "" ? this.#template.root : this.#template.definitions.get(node.name);
    if (body === undefined) evaluator.fail(`template ${goQuote(node.name)} not defined`);
    if (depth === MAX_DEPTH) evaluator.fail(`exceeded maximum template depth (${MAX_DEPTH})`);
    const data = node.pipe === undefined ? undefined : evaluator.pipeline(dot, node.pipe);
    this.#list(this.#frame(node.name, data, depth + 1), data, body);
  }
}
