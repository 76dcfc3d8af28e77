import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { SchedulerLimits } from "../../../../src/engine/scheduler/state.ts";
import { type Ask, SchedulerModel } from "../../../support/scheduler-model.ts";

type Pick = "cancel" | "ready" | "release" | "handBack" | "giveWay" | "gone" | "expire";

type Step =
  | ({ do: "request" } & Ask)
  | { do: Pick; pick: number; outOfMemory: boolean }
  | { do: "unload"; model: number };

const pick = fc.nat(1000);

/** Those that keep the world going more often than the others. */
const PICKS: Pick[] = [
  "cancel",
  "ready",
  "ready",
  "release",
  "release",
  "release",
  "handBack",
  "giveWay",
  "gone",
  "expire",
];

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("request" as const),
      model: fc.nat(4),
      numCtx: fc.constantFrom(undefined, undefined, undefined, 512),
      keepAlive: fc.constantFrom(undefined, undefined, 0, 1000, Number.POSITIVE_INFINITY),
      tokenizeOnly: fc.constantFrom(false, false, false, true),
      caller: fc.constantFrom("ann", "bob", "cid"),
      batch: fc.boolean(),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom(...PICKS),
      pick,
      outOfMemory: fc.constantFrom(false, false, true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unload" as const), model: fc.nat(4) }) },
);

function play(world: SchedulerModel, action: Step): void {
  switch (action.do) {
    case "request":
      world.request(action);
      break;
    case "unload":
      world.unload(action.model);
      break;
    default: {
      const ids = candidates(world, action.do);
      const id = ids[action.pick % Math.max(1, ids.length)];
      if (id === undefined) return;
      if (action.do === "gone") world.gone(id, action.outOfMemory);
      else world[action.do](id);
    }
  }
}

function candidates(world: SchedulerModel, what: Pick): number[] {
  switch (what) {
    case "cancel":
      return [...world.waiting.keys()];
    case "ready":
      return world.ids(({ phase }) => phase === "loading");
    case "release":
    case "giveWay":
      return world.ids(({ leases }) => leases.length > 0);
    case "handBack":
      return world.ids(({ tokenizers }) => tokenizers > 0);
    case "expire":
      return world.ids(({ timer }) => timer);
    case "gone":
      return world.ids(() => true);
  }
}

/** From here on every load succeeds, every lease ends, and no request comes. */
function drain(world: SchedulerModel): void {
  for (let steps = 0; steps < 10_000; steps++) {
    const [stopping] = world.ids(({ phase }) => phase === "stopping");
    const [loading] = world.ids(({ phase }) => phase === "loading");
    const [leased] = world.ids(({ leases }) => leases.length > 0);
    const [read] = world.ids(({ tokenizers }) => tokenizers > 0);
    if (stopping !== undefined) world.gone(stopping, false);
    else if (loading !== undefined) world.ready(loading);
    else if (leased !== undefined) world.release(leased);
    else if (read !== undefined) world.handBack(read);
    else return;
  }
  throw new Error("it never comes to rest");
}

const limits: fc.Arbitrary<SchedulerLimits> = fc.record({
  maxLoaded: fc.integer({ min: 1, max: 3 }),
  maxQueue: fc.constantFrom(0, 1, 3, 512),
  keepAlive: fc.constantFrom(0, 5000),
});

const scenario = [
  limits,
  fc.integer({ min: 1, max: 3 }),
  fc.array(step, { minLength: 60, maxLength: 150, size: "max" }),
] as const;

test("whatever happens, no rule is broken and everybody is served or told", () => {
  fc.assert(
    fc.property(...scenario, (bounds, parallel, steps) => {
      const world = new SchedulerModel(bounds, parallel);
      for (const action of steps) play(world, action);
      drain(world);
      expect(world.waiting.size).toBe(0);
    }),
    { numRuns: 300 },
  );
}, 60_000);

test("after a shutdown nobody waits and no runner is left", () => {
  fc.assert(
    fc.property(...scenario, (bounds, parallel, steps) => {
      const world = new SchedulerModel(bounds, parallel);
      for (const action of steps) play(world, action);
      world.shutdown();
      expect(world.waiting.size).toBe(0);
      for (const id of world.ids(() => true)) world.gone(id, false);
      expect(world.state.residents).toEqual([]);
    }),
    { numRuns: 100 },
  );
}, 60_000);

test("the same state and event give the same decision, and the state given is not changed", () => {
  fc.assert(
    fc.property(...scenario, (bounds, parallel, steps) => {
      const world = new SchedulerModel(bounds, parallel);
      for (const action of steps) {
        const before = world.state;
        const copy = structuredClone(before);
        play(world, action);
        expect(before).toEqual(copy);
      }
    }),
    { numRuns: 20 },
  );
}, 60_000);

const page = readFileSync(join(import.meta.dir, "../../../../docs/scheduler.md"), "utf8");
/** So many histories have every effect that an event can have; fewer lack the rarest. */
const RUNS_FOR_ALL = 1500;

test("what comes of an event is what docs/scheduler.md says", () => {
  const caused = new Set<string>();
  fc.assert(
    fc.property(...scenario, (bounds, parallel, steps) => {
      const world = new SchedulerModel(bounds, parallel);
      for (const action of steps) play(world, action);
      if (steps.length % 2 === 0) drain(world);
      world.shutdown();
      for (const id of world.ids(() => true)) world.gone(id, false);
      for (const each of world.caused) caused.add(each);
    }),
    { numRuns: RUNS_FOR_ALL, seed: 1 },
  );
  const rows = [...page.matchAll(/^\| `(\w+)` .*\|(.*)\|$/gm)];
  const written = rows.flatMap(([, event, effects = ""]) =>
    [...effects.matchAll(/`(grant|reject|load|stop|set_timer|clear_timer)`/g)].map(
      ([, effect]) => `${event} → ${effect}`,
    ),
  );
  expect([...caused].toSorted()).toEqual(written.toSorted());
}, 60_000);
