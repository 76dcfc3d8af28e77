import type { AgentAddress } from "../config/config.ts";
import type { Engine } from "../engine/port.ts";
import type { Clock } from "../lib/clock.ts";
import { codeOf } from "../lib/error-code.ts";
import { AppError } from "../lib/errors.ts";
import { type AgentQuery, type AgentState, agentReply } from "./agent-reply.ts";

export interface AgentOptions {
  /** Undefined: the agent does not listen. */
  address: AgentAddress | undefined;
  engine: Pick<Engine, "resident" | "queue">;
  /** OLLAMA_NUM_PARALLEL. */
  leastSlots: number;
  clock: Clock;
}

/** A balancer that sends no question for so long gets the reply for interactive requests. */
const SILENCE_MS = 100;

/** Reports this server's state to balancers: each connection gets one line, see {@link agentReply}. */
export interface BalancerAgent extends Disposable {
  enter(phase: AgentState["phase"]): void;
  /** Milliseconds since a balancer last asked; `Infinity` where none has. */
  sinceAsked(): number;
  /** The port that it listens on; undefined where it does not. */
  readonly port: number | undefined;
}

/** @throws AppError naming OLLAMA_AGENT_CHECK where the address cannot be had. */
export function startAgent({ address, engine, leastSlots, clock }: AgentOptions): BalancerAgent {
  let phase: AgentState["phase"] = "starting";
  let since = clock.now();
  let asked = Number.NEGATIVE_INFINITY;
  const line = (question: AgentQuery): string => {
    asked = clock.now();
    return agentReply({ phase, phaseMs: asked - since, ...loadOf(engine, leastSlots) }, question);
  };
  const listener = address && listen(address, line, clock);
  return {
    enter(next) {
      phase = next;
      since = clock.now();
    },
    sinceAsked: () => clock.now() - asked,
    port: listener?.port,
    [Symbol.dispose]: () => listener?.stop(true),
  };
}

/** The wait for a connection's question, and how to stop it. */
interface Connection {
  stopWaiting(): void;
}

function listen({ hostname, port }: AgentAddress, line: (question: AgentQuery) => string, clock: Clock) {
  try {
    return Bun.listen<Connection>({
      hostname,
      port,
      socket: {
        open(socket) {
          socket.data = { stopWaiting: clock.after(SILENCE_MS, () => socket.end(line("interactive"))) };
        },
        data(socket, sent) {
          socket.data.stopWaiting();
          socket.end(line(sent.toString().trim() === "batch" ? "batch" : "interactive"));
        },
        close: (socket) => socket.data.stopWaiting(),
      },
    });
  } catch (error) {
    throw new AppError("internal", `OLLAMA_AGENT_CHECK: listen tcp ${hostname}:${port}: ${codeOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * How busy an engine is.
 *
 * @param leastSlots slots of a model that is not loaded yet: OLLAMA_NUM_PARALLEL.
 */
function loadOf(
  engine: Pick<Engine, "resident" | "queue">,
  leastSlots: number,
): Pick<AgentState, "slots" | "busy" | "waiting"> {
  const models = engine.resident();
  const slots = models
    .filter(({ state }) => state !== "unloading")
    .reduce((sum, { info }) => sum + (info?.parallel ?? leastSlots), 0);
  return {
    slots: Math.max(leastSlots, slots),
    busy: models.reduce((sum, { active }) => sum + active, 0),
    waiting: engine.queue().filter(({ batch }) => !batch).length,
  };
}
