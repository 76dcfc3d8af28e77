import type { Drafter } from "./drafter.ts";
import { Drafting } from "./drafting.ts";
import { Pace } from "./pace.ts";
import { StepCosts } from "./step-costs.ts";

/** The means of guessing answers. They outlive answers, so that experience with one serves the next. */
export interface Means {
  /** Decides when a guess is copied from the text before. */
  pace: Pace;
  /** Undefined: there is no draft model. */
  drafting: Drafting | undefined;
  /** Of steps in which one answer is alone. */
  costs: StepCosts;
}

export function meansOf(drafter: Drafter | undefined): Means {
  const costs = new StepCosts();
  const now = () => Bun.nanoseconds() / 1e6;
  return { pace: new Pace(), drafting: drafter && new Drafting(drafter, costs, now), costs };
}
