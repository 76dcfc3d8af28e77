import type { Engine, LoadedInfo, Requester } from "../../engine/port.ts";
import { saltOf } from "../../engine/salt.ts";
import type { Usage } from "../../intent/generate.ts";
import type { Clock } from "../../lib/clock.ts";
import { defined } from "../../lib/defined.ts";
import type { Plan } from "../plan.ts";
import { diagnose } from "./diagnose.ts";
import { PromptHistory } from "./history.ts";
import { outlineOf } from "./outline.ts";

/** The answers of each engine. */
const histories = new WeakMap<Engine, PromptHistory>();

function historyOf(engine: Engine): PromptHistory {
  const known = histories.get(engine) ?? new PromptHistory();
  histories.set(engine, known);
  return known;
}

/**
 * Remembers a prompt when it has been answered, and adds to the counts of its answer the diagnosis of the cache that the request asked for.
 * @returns a function that adds it; to be called once, at the end of the answer.
 */
export function promptDiagnosis(
  { intent, model }: Plan,
  info: LoadedInfo,
  { engine, clock }: { engine: Engine; clock: Clock },
  requester: Requester,
): (usage: Usage) => Usage {
  const history = historyOf(engine);
  const salt = saltOf(requester.caller);
  const digests = [model.weights, ...model.adapters].map(({ digest }) => digest).join(" ");
  const outline = outlineOf(intent, digests);
  return (usage) => {
    const { promptTokens, cachedTokens, cache } = usage;
    const wanted = intent.diagnosis;
    const previous = wanted?.previousId;
    const earlier = previous === undefined ? history.nearest(outline, salt) : history.named(previous, salt);
    const { loadedAt } = info;
    const answered = {
      outline,
      promptTokens,
      cachedTokens,
      ...defined({ report: cache, loadedAt: loadedAt || undefined }),
    };
    history.remember({
      outline,
      salt,
      tokens: promptTokens,
      at: clock.now(),
      ...(wanted?.id && { id: wanted.id }),
    });
    if (!wanted?.wanted) return usage;
    const found = previous === undefined || earlier !== undefined;
    return { ...usage, diagnosis: found ? diagnose(answered, earlier) : "not_found" };
  };
}
