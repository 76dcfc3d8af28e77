import { type Budget, type Micros, OverBudget } from "../lib/budget.ts";
import { AppError, badRequest, shuttingDown } from "../lib/errors.ts";
import {
  JOBS,
  type JobInput,
  type JobName,
  type JobOutcome,
  type JobOutput,
  type Order,
  runJob,
} from "./jobs.ts";
import { JobEnded } from "./worker-thread.ts";

/** Work that grows with what a client or a model file brings, done without holding up anybody else. */
export interface JobRunner {
  /**
   * @param budget work that the request may still cause; the cost of the job is taken off it.
   * @throws AppError as the job itself does; `bad_request` for a job over the budget, `busy` when too many jobs wait.
   */
  run<Name extends JobName>(name: Name, input: JobInput<Name>, budget: Budget): Promise<JobOutput<Name>>;
}

/** Runs jobs that are too long for the server's own thread. */
export interface Workers {
  /** @throws AppError `busy`, JobEnded. */
  run<Name extends JobName>(order: Order<Name>): Promise<JobOutcome<Name>>;
}

/** Longest stretch of work in the server's own thread: a usual chat request takes a hundredth of it. */
const MOST_HERE: Micros = 20_000;
/** Work that a job may always do there, however much others have just done. */
const LEAST_HERE: Micros = 1_000;
/** The share of the time that jobs may take there. */
const SHARE_HERE = 0.1;

const tooMuch = (name: JobName, why: string): AppError => badRequest(`${JOBS[name].what} takes too ${why}`);

/**
 * Tries each job in the server's own thread first, with a budget for a few milliseconds; a job that takes more goes to a worker and
 * begins anew there. Almost all jobs end before that and pay for no thread.
 *
 * @param millis a monotonic clock.
 */
export function createJobRunner(workers: Workers, millis = () => performance.now()): JobRunner {
  const allowance = new Allowance(millis);

  async function outcomeOf<Name extends JobName>(name: Name, input: JobInput<Name>, budget: Budget) {
    const here = runJob({ name, input, micros: Math.min(allowance.micros(), budget.left) });
    allowance.spend(here.spent);
    if (here.type !== "over-budget") return here;
    return workers.run({ name, input, micros: budget.left });
  }

  return {
    async run(name, input, budget) {
      try {
        const outcome = await outcomeOf(name, input, budget);
        budget.spend(outcome.spent);
        if (outcome.type === "done") return outcome.output;
        if (outcome.type === "over-budget") throw tooMuch(name, "long");
        throw new AppError(outcome.kind, outcome.message, { status: outcome.status });
      } catch (error) {
        if (error instanceof OverBudget) throw tooMuch(name, "long");
        if (error instanceof JobEnded) throw endedError(name, error);
        throw error;
      }
    },
  };
}

function endedError(name: JobName, { why }: JobEnded): AppError {
  if (why === "stopped") return shuttingDown();
  if (why === "crashed") return new AppError("internal", `${JOBS[name].what} failed`);
  return tooMuch(name, why === "time" ? "long" : "much memory");
}

/** Work that jobs may do in the server's own thread: it grows with time and shrinks with each job, over all requests. */
class Allowance {
  readonly #millis: () => number;
  #micros: Micros = MOST_HERE;
  #at: number;

  constructor(millis: () => number) {
    this.#millis = millis;
    this.#at = millis();
  }

  micros(): Micros {
    const now = this.#millis();
    this.#micros = Math.min(MOST_HERE, this.#micros + (now - this.#at) * 1_000 * SHARE_HERE);
    this.#at = now;
    return Math.max(LEAST_HERE, this.#micros);
  }

  spend(micros: Micros): void {
    this.#micros = Math.max(0, this.#micros - micros);
  }
}
