import { Budget, OverBudget } from "../lib/budget.ts";
import { AppError } from "../lib/errors.ts";
import { JOBS, type JobName, type JobOutcome, type JobOutput, type Order } from "./jobs.ts";

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
