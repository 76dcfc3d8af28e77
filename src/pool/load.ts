import type { Engine } from "../engine/port.ts";
import type { AgentState } from "./agent-reply.ts";

/**
 * How busy an engine is.
 *
 * @param leastSlots slots of a model that is not loaded yet: OLLAMA_NUM_PARALLEL.
 */
export function loadOf(
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
