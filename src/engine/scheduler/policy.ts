import type { KeepAlive } from "../../lib/duration.ts";

/** A caller's place in the ring of those that share the slots: deficit round robin, paid for in milliseconds of slot time. */
export interface CallerShare {
  readonly id: string;
  /** Milliseconds of slot time that the caller may still take before the next caller's turn. Negative: it has taken more than its share. */
  readonly deficit: number;
}

/** The facts that the order of a waiting request depends on. */
export interface Ranked {
  id: number;
  caller: string;
  /** The request has many inputs, and no person waits for them: it goes behind interactive requests. */
  batch: boolean;
  /** Later requests that got their slot first. */
  overtakes: number;
}

/**
 * Later requests that may get a slot before one that waits. After that a batch counts as interactive, and a busy model makes room for
 * another one: models in use go on being served meanwhile, since a reload costs more than a slot.
 */
export const MAX_OVERTAKES = 8;

/** A caller's debt beyond so many turns is forgiven, so that one long answer does not shut it out for good. */
const MAX_DEBT_TURNS = 8;

/** Does the request go before batches? */
export const isUrgent = ({ batch, overtakes }: Pick<Ranked, "batch" | "overtakes">): boolean =>
  !batch || overtakes >= MAX_OVERTAKES;

/** The ring with `caller` in it; a new one comes last, with one turn's worth. */
export function withCaller(
  ring: readonly CallerShare[],
  caller: string,
  turn: number,
): readonly CallerShare[] {
  return ring.some(({ id }) => id === caller) ? ring : [...ring, { id: caller, deficit: turn }];
}

/** @param ms slot time that the caller has taken; negative: to be given back, since the caller was charged too much. */
export function charge(
  ring: readonly CallerShare[],
  caller: string,
  ms: number,
  turn: number,
): readonly CallerShare[] {
  const least = -MAX_DEBT_TURNS * turn;
  return ring.map((each) =>
    each.id === caller ? { id: caller, deficit: Math.max(each.deficit - ms, least) } : each,
  );
}

/** Forgets the callers that neither wait nor have a slot. A debt outlives them while others wait, or it could be shaken off. */
export function withoutIdle(
  ring: readonly CallerShare[],
  waiting: ReadonlySet<string>,
  active: ReadonlySet<string>,
): readonly CallerShare[] {
  return ring.filter(
    ({ id, deficit }) => waiting.has(id) || active.has(id) || (waiting.size > 0 && deficit < 0),
  );
}

/** Turns the ring until a caller that waits and has a deficit above 0 is in front. Each turn is worth `turn`; nobody saves turns up. */
function turnTo(
  ring: readonly CallerShare[],
  waits: (caller: string) => boolean,
  turn: number,
): readonly CallerShare[] {
  const turned = [...ring];
  for (let left = ring.length * (MAX_DEBT_TURNS + 2); left > 0; left--) {
    const [front] = turned;
    if (front === undefined || (front.deficit > 0 && waits(front.id))) break;
    turned.shift();
    turned.push({ id: front.id, deficit: Math.min(front.deficit + turn, turn) });
  }
  return turned;
}

/**
 * Which waiting request is next: an interactive one before a batch, callers by deficit round robin, and of one caller the first that
 * came. A batch that {@link MAX_OVERTAKES} later requests have passed counts as interactive.
 *
 * @param waiting in the order of arrival; every caller of them is in the ring.
 * @param turn milliseconds of slot time that a caller gets in each round.
 * @returns the request, and the ring as it stands then; undefined when nobody waits.
 */
export function pickNext<R extends Ranked>(
  waiting: readonly R[],
  ring: readonly CallerShare[],
  turn: number,
): { next: R; ring: readonly CallerShare[] } | undefined {
  const urgent = waiting.filter(isUrgent);
  const first = new Map<string, R>();
  for (const each of urgent.length > 0 ? urgent : waiting) {
    if (!first.has(each.caller)) first.set(each.caller, each);
  }
  const turned = turnTo(ring, (caller) => first.has(caller), turn);
  const next = first.get(turned[0]?.id ?? "");
  return next && { next, ring: turned };
}

/** All waiting requests in the order in which they would get slots, if each took one turn. */
export function fairOrder<R extends Ranked>(
  waiting: readonly R[],
  callers: readonly CallerShare[],
  turn: number,
): R[] {
  const order: R[] = [];
  let left = waiting;
  let ring = waiting.reduce((known, { caller }) => withCaller(known, caller, turn), callers);
  for (let picked = pickNext(left, ring, turn); picked !== undefined; picked = pickNext(left, ring, turn)) {
    const { next } = picked;
    order.push(next);
    left = left.filter(({ id }) => id !== next.id);
    ring = charge(picked.ring, next.caller, turn, turn);
  }
  return order;
}

/** The effect on a model at the moment when no request uses it any more. */
export type IdlePlan =
  | { type: "stop" }
  /** `timerMs` is absent when the model is pinned. */
  | { type: "keep"; expiresAt: number; timerMs?: number };

/**
 * docs/behaviour: scheduler §1.7. Keep-alive 0 ends the model at once, `Infinity` never.
 * @param now milliseconds since the epoch.
 */
export function planIdle(now: number, keepAlive: KeepAlive): IdlePlan {
  if (keepAlive <= 0) return { type: "stop" };
  if (keepAlive === Number.POSITIVE_INFINITY) return { type: "keep", expiresAt: keepAlive };
  return { type: "keep", expiresAt: now + keepAlive, timerMs: keepAlive };
}

/**
 * When a model is unloaded, as far as one can tell at `now`: a model that loads or works is taken to become idle now, one that is being
 * unloaded has expired.
 * @returns milliseconds since the epoch.
 */
export function estimateExpiry(
  now: number,
  model: { keepAlive: KeepAlive; expiresAt?: number; leaving: boolean },
): number {
  if (model.leaving) return now;
  return model.expiresAt ?? now + model.keepAlive;
}

/** A loaded model, as far as the choice of which one to evict depends on it. */
export interface EvictionCandidate {
  keepAlive: KeepAlive;
  /** A counter that grows with every use. */
  lastUsed: number;
}

/**
 * Which model is evicted: the least recently used one. A model that is unloaded anyway as soon as it is idle (keep-alive 0) comes before
 * the others and a pinned one after them, since the user wants it kept; it is still evicted when there is no other, else the request
 * would wait for ever.
 *
 * Ollama sorts by keep-alive alone, so a model in constant use may go before one that nobody has asked for in an hour.
 */
export function chooseVictim<C extends EvictionCandidate>(candidates: readonly C[]): C | undefined {
  return candidates.toSorted((a, b) => reluctance(a) - reluctance(b) || a.lastUsed - b.lastUsed)[0];
}

/**
 * Which models are evicted to free enough memory and places: one if one suffices, the least recently used of those that do; else as many
 * of the least recently used as it takes, without those that later ones make unnecessary. Pinned ones are left out if possible.
 *
 * @returns undefined when all of them are not enough.
 */
export function modelsToEvict<C extends EvictionCandidate>(
  candidates: readonly C[],
  isEnough: (chosen: readonly C[]) => boolean,
): C[] | undefined {
  const loose = candidates.filter(({ keepAlive }) => keepAlive !== Number.POSITIVE_INFINITY);
  const from = isEnough(loose) ? loose : candidates;
  if (!isEnough(from)) return undefined;
  const order = from.toSorted((a, b) => reluctance(a) - reluctance(b) || a.lastUsed - b.lastUsed);
  const one = order.find((each) => isEnough([each]));
  if (one !== undefined) return [one];
  const count = order.findIndex((_, at) => isEnough(order.slice(0, at + 1)));
  return order.slice(0, count + 1).reduce<C[]>(
    (kept, each) => {
      const without = kept.filter((other) => other !== each);
      return isEnough(without) ? without : kept;
    },
    order.slice(0, count + 1),
  );
}

function reluctance({ keepAlive }: EvictionCandidate): number {
  if (keepAlive === 0) return 0;
  return keepAlive === Number.POSITIVE_INFINITY ? 2 : 1;
}
