/** The state of a server, as far as a balancer needs it. */
export interface AgentState {
  /** `starting`: nothing is served yet. `draining`: requests under way go on, and no new ones shall come. */
  phase: "starting" | "ready" | "draining";
  /** Milliseconds since the phase began. */
  phaseMs: number;
  /** Requests that can have a slot at the same time. */
  slots: number;
  /** Requests that have one. */
  busy: number;
  /** Requests that wait for a model or a slot, but for batches: those stand in nobody's way. */
  waiting: number;
}

/** The text that a balancer sends ahead (HAProxy's agent-send), to ask for how many requests of one class there is room. */
export type AgentQuery = "interactive" | "batch";

/**
 * How long a server reports that an earlier drain is over. If it did so for ever, it would also end a drain that somebody has ordered at
 * the balancer.
 */
const READY_MS = 30_000;

/** Weight is told in quarters, and never below one. */
const STEPS = 4;

/**
 * The line that HAProxy's agent-check reads (its manual, "agent-check"): whether requests may come, how many at once, and with which
 * part of the server's weight.
 *
 * Batches get half of the slots, so that an interactive request finds one that is free.
 */
export function agentReply(state: AgentState, question: AgentQuery = "interactive"): string {
  switch (state.phase) {
    case "starting":
      return "down\n";
    case "draining":
      return "drain\n";
    case "ready": {
      const ready = state.phaseMs < READY_MS ? "ready up" : "up";
      const most = question === "batch" ? Math.max(1, state.slots >> 1) : state.slots;
      return `${ready} maxconn:${most} ${weightOf(state)}%\n`;
    }
  }
}

/**
 * The full weight as long as no requests wait for a slot. A balancer keeps to the slots itself; requests that wait here have come from
 * elsewhere (another balancer, a direct caller), and then new conversations go to the others.
 *
 * The weight does not follow every slot that is taken: consistent hashing moves conversations away from their cached prompts with
 * each change of a weight (figures in docs/deployment.md).
 */
function weightOf({ slots, busy, waiting }: AgentState): number {
  if (waiting === 0) return 100;
  const part = slots / Math.max(slots, busy + waiting);
  return (Math.max(1, Math.round(part * STEPS)) * 100) / STEPS;
}
