import { describe, expect, test } from "bun:test";
import { MAX_OVERTAKES } from "../../../../src/engine/scheduler/policy.ts";
import { SchedulerStory } from "../../../support/scheduler-story.ts";

/** A model with one slot, which a request of caller `a` has. */
function busy(): SchedulerStory {
  const story = new SchedulerStory();
  story.request("m", { caller: "a" });
  story.ready(1);
  return story;
}

/** Ends whatever has the slot, after so long, and tells who gets it. */
function next(story: SchedulerStory, ms = 1000): string | undefined {
  story.now += ms;
  return story.release(1)[0];
}

describe("callers", () => {
  test("a caller with one request waits for one turn of a caller with many", () => {
    const story = busy();
    for (let i = 0; i < 5; i++) story.request("m", { caller: "a" });
    story.request("m", { caller: "b" });
    expect([next(story), next(story), next(story)]).toEqual(["grant 7 on 1", "grant 2 on 1", "grant 3 on 1"]);
  });

  test("a caller whose requests take long gets fewer of them", () => {
    const story = busy();
    for (let i = 0; i < 4; i++) story.request("m", { caller: "a" });
    for (let i = 0; i < 8; i++) story.request("m", { caller: "b" });
    const served: string[] = [];
    let took = 4000;
    for (let i = 0; i < 8; i++) {
      const request = Number(/grant (\d+)/.exec(next(story, took) ?? "")?.[1]);
      const caller = request <= 5 ? "a" : "b";
      served.push(caller);
      took = caller === "a" ? 4000 : 1000;
    }
    expect(served.filter((caller) => caller === "a").length).toBeLessThanOrEqual(3);
    expect(served).toContain("a");
  });

  test("one caller alone is served in the order of arrival", () => {
    const story = busy();
    for (let i = 0; i < 3; i++) story.request("m", { caller: "a" });
    expect([next(story), next(story), next(story)]).toEqual(["grant 2 on 1", "grant 3 on 1", "grant 4 on 1"]);
  });

  test("callers that nobody needs to remember are forgotten", () => {
    const story = busy();
    story.request("m", { caller: "b" });
    next(story);
    next(story);
    expect(story.state.callers).toEqual([]);
  });
});

describe("batches", () => {
  test("an interactive request goes before a batch that came first", () => {
    const story = busy();
    story.request("m", { caller: "b", batch: true });
    story.request("m", { caller: "c" });
    expect([next(story), next(story)]).toEqual(["grant 3 on 1", "grant 2 on 1"]);
  });

  test("a batch is not shut out by interactive requests without end", () => {
    const story = busy();
    story.request("m", { caller: "b", batch: true });
    const served: (string | undefined)[] = [];
    for (let i = 0; i <= MAX_OVERTAKES; i++) {
      story.request("m", { caller: "c" });
      served.push(next(story));
    }
    expect(served.slice(0, -1)).not.toContain("grant 2 on 1");
    expect(served.at(-1)).toBe("grant 2 on 1");
  });

  test("between two parts a batch gives its slot to who waits, and gets it back", () => {
    const story = new SchedulerStory();
    story.request("m", { caller: "a", batch: true });
    story.ready(1);
    story.request("m", { caller: "b" });
    expect(story.giveWay(1)).toEqual(["grant 2 on 1"]);
    expect(story.release(1)).toEqual(["grant 1 on 1"]);
    expect(story.release(1)).toEqual(["timer 1 300000"]);
  });

  test("a batch that has given way keeps its model, also one that is to be unloaded", () => {
    const story = new SchedulerStory();
    story.request("m", { batch: true, keepAlive: 0 });
    story.ready(1);
    story.request("m");
    story.unload("m");
    expect(story.giveWay(1)).toEqual(["grant 2 on 1"]);
    expect(story.release(1)).toEqual(["grant 1 on 1"]);
    expect(story.release(1)).toEqual(["stop 1: unload"]);
  });

  test("a batch that has given way to a runner's last request fails with the runner", () => {
    const story = new SchedulerStory();
    story.request("m", { batch: true });
    story.ready(1);
    story.request("m");
    story.giveWay(1);
    expect(story.gone(1)).toEqual(["reject 1: it broke"]);
    expect(story.state.waiters).toEqual([]);
  });

  test("of several slots batches leave one, whatever the order they come in", () => {
    const story = new SchedulerStory();
    const ask = (batch: boolean) => story.request("m", { parallel: 3, batch });
    ask(true);
    expect(story.ready(1)).toEqual(["grant 1 on 1"]);
    expect([ask(true), ask(true), ask(false), ask(false)]).toEqual([
      ["grant 2 on 1"],
      [],
      ["grant 4 on 1"],
      [],
    ]);
    expect(story.release(1, 4)).toEqual(["grant 5 on 1"]);
    expect(story.release(1, 1)).toEqual(["grant 3 on 1"]);
  });

  test("one that eight later requests have passed leaves that one, too, and has the next of the others", () => {
    const story = new SchedulerStory();
    const ask = (batch: boolean) => story.request("m", { parallel: 2, batch });
    ask(true);
    story.ready(1);
    ask(true);
    for (let at = 3; at < 13; at++) {
      expect(ask(false)).toEqual([`grant ${at} on 1`]);
      if (at < 12) expect(story.release(1, at)).toEqual([]);
    }
    // An interactive one waits as well, and came later.
    expect(ask(false)).toEqual([]);
    expect(story.release(1, 1)).toEqual(["grant 2 on 1"]);
    expect(story.release(1, 12)).toEqual(["grant 13 on 1"]);
  });

  test("a batch that has given way takes no place in the queue", () => {
    const story = new SchedulerStory({ maxQueue: 1 });
    story.request("m", { batch: true });
    story.ready(1);
    story.request("m");
    story.giveWay(1);
    expect(story.request("m")).toEqual([]);
  });
});

describe("a full queue says when to come back", () => {
  const retryAfter = (story: SchedulerStory, parallel = 1): number | undefined => {
    expect(story.request("m", { parallel })[0]).toStartWith("reject");
    return [...story.errors.values()].at(-1)?.retryAfter;
  };

  test("when the slot is expected to be free, by how long slots have been held", () => {
    const story = new SchedulerStory({ maxQueue: 1 });
    story.request("m");
    story.ready(1);
    story.now += 20_000;
    story.release(1);
    story.request("m");
    story.request("m");
    expect(retryAfter(story)).toBe(20);
  });

  /** Two slots that are held for ten seconds each, both taken, and as many requests behind them as may wait. */
  const full = (maxQueue: number): SchedulerStory => {
    const story = new SchedulerStory({ maxQueue });
    const ask = () => story.request("m", { parallel: 2 });
    ask();
    story.ready(1);
    story.now += 10_000;
    story.release(1);
    for (let at = 0; at < maxQueue + 2; at++) ask();
    return story;
  };

  test("each is told of a place of its own", () => {
    const story = full(4);
    expect([1, 2, 3].map(() => retryAfter(story, 2))).toEqual([10, 15, 20]);
    story.now += 9000;
    expect([1, 2].map(() => retryAfter(story, 2))).toEqual([16, 21]);
  });

  test("and of none that is later than the end of all that wait now, however often somebody asks", () => {
    const story = full(4);
    for (let at = 0; at < 100; at++) retryAfter(story, 2);
    expect(retryAfter(story, 2)).toBe(10 + 4 * 5);
  });

  test("what nobody has come back for in time is told to the next", () => {
    const story = full(4);
    for (let at = 0; at < 3; at++) retryAfter(story, 2);
    story.now += 100_000;
    expect(retryAfter(story, 2)).toBe(100);
  });

  test("what has taken longer than expected is expected to take as long again", () => {
    const story = new SchedulerStory({ maxQueue: 1 });
    story.request("m");
    story.ready(1);
    story.request("m");
    story.now += 60_000;
    expect(retryAfter(story)).toBe(60);
  });

  test("during a load, when that is expected to be done", () => {
    const story = new SchedulerStory({ maxQueue: 0 });
    story.request("m");
    story.now += 2000;
    expect(retryAfter(story)).toBe(3);
  });
});
