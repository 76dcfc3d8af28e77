import { Environment, parse, tokenize } from "@huggingface/jinja";
import { Budget, OverBudget } from "../../lib/budget.ts";
import type { Clock } from "../../lib/clock.ts";
import { AppError, badRequest, messageOf } from "../../lib/errors.ts";
import { Lru } from "../../lib/lru.ts";
import { costOfParsing } from "./cost.ts";
import { JinjaInterpreter } from "./interpreter.ts";
import { markPrinted } from "./nodes.ts";
import { strftime } from "./strftime.ts";
import { withTests } from "./tests-with-arguments.ts";

type TemplateClock = Pick<Clock, "now">;

/** The variables that a template may use, besides Jinja's own names. */
type JinjaVariables = Record<string, unknown>;

/** A Jinja chat template, ready to render any number of times. */
export interface JinjaTemplate {
  /**
   * @throws AppError `bad_request`: with the template's own words where it calls `raise_exception` (roles must alternate), else
   * with what went wrong.
   * @throws OverBudget when it would run without end. Default budget: what one request may cause.
   */
  render(variables: JinjaVariables, clock: TemplateClock, budget?: Budget): string;
}

/** Most numbers that `range(…)` gives in one rendering; a template of a stranger must not run without end. */
const MAX_RANGE = 1_000_000;
/** Longest template, in characters; the longest known ones have a tenth of it. */
const MAX_TEMPLATE = 256 * 1024;

const MAX_CACHED = 16;
const cache = new Lru<string, JinjaTemplate>(MAX_CACHED);

/** Thrown by `raise_exception`: the template refuses the conversation. */
class Refusal extends Error {}

/** The text of a value that a template passes to a function; "" for a list or mapping, which may be endless when written out. */
const plainText = (value: unknown): string =>
  typeof value === "object" && value !== null ? "" : String(value);

function raiseException(message: unknown): never {
  throw new Refusal(plainText(message));
}

/** Python's `range` with one to three integers; all calls of one rendering share the bound, so that nesting does not escape it. */
function boundedRange() {
  let left = MAX_RANGE;
  return (...bounds: number[]): number[] => {
    const [start = 0, stop = 0, step = 1] = bounds.length === 1 ? [0, bounds[0]] : bounds;
    if (step === 0) throw new Error("range() step must not be zero");
    const length = Math.max(0, Math.ceil((stop - start) / step));
    left -= length;
    if (left < 0) throw new Error(`range() of more than ${MAX_RANGE} numbers`);
    return Array.from({ length }, (_, index) => start + index * step);
  };
}

/** The names that Transformers and llama.cpp define for every template; `datetime` and `date_string` are llama.cpp's alone. */
const globals = (clock: TemplateClock): JinjaVariables => ({
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  range: boundedRange(),
  raise_exception: raiseException,
  datetime: strftime(new Date(clock.now()), "%b %d %Y"),
  date_string: strftime(new Date(clock.now()), "%d %b %Y"),
  strftime_now: (format: unknown) => strftime(new Date(clock.now()), plainText(format)),
});

type Program = ReturnType<typeof parse>;

function run(program: Program, variables: JinjaVariables, clock: TemplateClock, budget: Budget): string {
  const environment = new Environment();
  for (const [name, value] of Object.entries({ ...globals(clock), ...variables }))
    environment.set(name, value);
  try {
    return String(new JinjaInterpreter(environment, budget).run(program).value);
  } catch (error) {
    if (error instanceof OverBudget) throw error;
    if (error instanceof Refusal) throw badRequest(error.message);
    const reason = messageOf(error);
    throw new AppError("bad_request", `chat template failed: ${reason}`, { cause: error });
  }
}

function compile(text: string): JinjaTemplate {
  try {
    if (text.length > MAX_TEMPLATE) throw new Error(`it has more than ${MAX_TEMPLATE} characters`);
    const program = parse(withTests(tokenize(text, { lstrip_blocks: true, trim_blocks: true })));
    markPrinted(program);
    return { render: (variables, clock, budget = new Budget()) => run(program, variables, clock, budget) };
  } catch (error) {
    const reason = messageOf(error);
    throw new AppError("internal", `the model's chat template does not parse: ${reason}`, { cause: error });
  }
}

/**
 * The template, compiled; the last 16 texts are remembered.
 * @throws AppError `internal` when the text is no Jinja: the model's fault, not the client's.
 * @throws OverBudget when compiling it would take too long. Default budget: what one request may cause.
 */
export const jinjaTemplate = (text: string, budget = new Budget()): JinjaTemplate =>
  cache.take(text, () => {
    budget.spend(costOfParsing(text));
    return compile(text);
  });
