import { Budget, type Micros, OverBudget } from "../lib/budget.ts";
import { AppError, type ErrorKind } from "../lib/errors.ts";
import { answerGrammarJob, type GrammarJob, type GrammarText } from "../output/constraint/grammar-job.ts";
import {
  type AnswerFormat,
  answerFormat,
  type RenderedText,
  type RenderJob,
  renderJob,
  type Templates,
} from "../prompt/render.ts";

/** A pure function over plain data, so that it gives the same in any thread. */
interface Job<Input, Output> {
  /** The work in words, for the error that says it was too much. */
  what: string;
  /** Most processor time that it may take in a worker, in milliseconds. Work that the budget pays for by size ends sooner. */
  limitMs: number;
  /** @throws OverBudget when there is more to do than the budget pays for. */
  run(input: Input, budget: Budget): Output;
}

/** All work that grows with what a client or a model file brings, besides reading the request itself. */
export const JOBS = {
  render: {
    what: "rendering the prompt",
    limitMs: 2_500,
    run: (job: RenderJob, budget: Budget): RenderedText => renderJob(job, budget),
  },
  answerFormat: {
    what: "reading the template",
    limitMs: 2_500,
    run: (templates: Templates, budget: Budget): AnswerFormat | undefined => answerFormat(templates, budget),
  },
  grammar: {
    what: "turning the schema into a grammar",
    limitMs: 1_000,
    run: (job: GrammarJob, budget: Budget): GrammarText => answerGrammarJob(job, budget),
  },
} satisfies Record<string, Job<never, unknown>>;

export type JobName = keyof typeof JOBS;
export type JobInput<Name extends JobName> = Parameters<(typeof JOBS)[Name]["run"]>[0];
export type JobOutput<Name extends JobName> = ReturnType<(typeof JOBS)[Name]["run"]>;

/** A job on its way to a worker. */
export interface Order<Name extends JobName = JobName> {
  name: Name;
  input: JobInput<Name>;
  micros: Micros;
}

/** How a job ended in a worker. */
export type JobOutcome<Name extends JobName = JobName> = { spent: Micros } & (
  | { type: "done"; output: JobOutput<Name> }
  | { type: "refused"; kind: ErrorKind; message: string; status: number }
  | { type: "over-budget" }
);

/** Runs a job where it is called; a failure is part of the outcome. */
export function runJob<Name extends JobName>({ name, input, micros }: Order<Name>): JobOutcome<Name> {
  const budget = new Budget(micros);
  try {
    // The table pairs each name with its input, which TypeScript cannot follow through an index.
    const run = JOBS[name].run as (input: unknown, budget: Budget) => JobOutput<Name>;
    const output = run(input, budget);
    return { type: "done", output, spent: budget.spent };
  } catch (error) {
    if (error instanceof OverBudget) return { type: "over-budget", spent: budget.spent };
    const { kind, message, status } = AppError.from(error);
    return { type: "refused", kind, message, status, spent: budget.spent };
  }
}
