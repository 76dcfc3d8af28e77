import { describe, expect, test } from "bun:test";
import { MAX_OVERTAKES } from "../../../../src/engine/scheduler/policy.ts";
import { SchedulerStory } from "../../../support/scheduler-story.ts";

describe("room", () => {
  test("the least recently used idle model goes; the new one loads when it is gone", () => {
    const story = new SchedulerStory({ maxLoaded: 2 });
    story.loadIdle("a");
    story.loadIdle("b");
    story.request("a");
    story.release(1);
    expect(story.request("c")).toEqual(["no timer 2", "stop 2: evict"]);
    expect(story.gone(2)).toEqual(["load c as 3 (4096)"]);
  });

  test("two new models do not count on the same room", () => {
    const story = new SchedulerStory({ maxLoaded: 2 });
    story.loadIdle("a");
    story.loadIdle("b");
    story.request("c");
    expect(story.request("d")).toEqual(["no timer 2", "stop 2: evict"]);
    expect(story.gone(2)).toEqual(["load c as 3 (4096)"]);
    expect(story.gone(1)).toEqual(["load d as 4 (4096)"]);
  });

  test("without an idle one it waits, and the loaded models go on serving", () => {
    const story = new SchedulerStory();
    story.request("a", { parallel: 2 });
    story.ready(1);
    expect(story.request("b")).toEqual([]);
    expect(story.request("a", { parallel: 2 })).toEqual(["grant 3 on 1"]);
    expect(story.release(1)).toEqual([]);
    expect(story.release(1)).toEqual(["stop 1: evict"]);
    expect(story.gone(1)).toEqual(["load b as 2 (4096)"]);
  });

  test("the first to become idle goes", () => {
    const story = new SchedulerStory({ maxLoaded: 2 });
    for (const model of ["a", "b"]) story.request(model);
    story.ready(1);
    story.ready(2);
    story.request("c");
    expect(story.release(2)).toEqual(["stop 2: evict"]);
  });

  test("a model in constant use makes room after so many have passed", () => {
    const story = new SchedulerStory();
    story.request("a", { parallel: 2 });
    story.ready(1);
    story.request("b");
    for (let i = 0; i < MAX_OVERTAKES; i++) {
      expect(story.request("a", { parallel: 2 })).toEqual([`grant ${i + 3} on 1`]);
      story.release(1);
    }
    expect(story.request("a", { parallel: 2 })).toEqual([]);
    expect(story.release(1)).toEqual(["stop 1: evict"]);
    expect(story.gone(1)).toEqual(["load b as 2 (4096)"]);
  });

  test("when other room comes first, those behind are served at once", () => {
    const story = new SchedulerStory({ maxLoaded: 2 });
    for (const model of ["b", "a"]) story.request(model, { parallel: 2 });
    story.ready(1);
    story.ready(2);
    story.request("c");
    for (let i = 0; i < MAX_OVERTAKES; i++) {
      story.request("a", { parallel: 2 });
      story.release(2);
    }
    expect(story.request("b", { parallel: 2 })).toEqual([]);
    expect(story.gone(2)).toEqual(["load c as 3 (4096)", `grant ${MAX_OVERTAKES + 4} on 1`]);
  });

  test("and stays when the one who waited leaves", () => {
    const story = new SchedulerStory();
    story.request("a", { parallel: 2 });
    story.ready(1);
    story.request("b");
    for (let i = 0; i < MAX_OVERTAKES; i++) {
      story.request("a", { parallel: 2 });
      story.release(1);
    }
    story.request("a", { parallel: 2 });
    expect(story.cancel(2)).toEqual([`grant ${MAX_OVERTAKES + 3} on 1`]);
  });

  test("several requests for one new model need one room", () => {
    const story = new SchedulerStory({ maxLoaded: 2 });
    story.loadIdle("a");
    story.loadIdle("b");
    expect(story.request("c")).toEqual(["no timer 1", "stop 1: evict"]);
    expect(story.request("c")).toEqual([]);
  });

  test("a room that comes free for a reload is not counted on by others", () => {
    const story = new SchedulerStory({ maxLoaded: 2 });
    story.loadIdle("a");
    story.loadIdle("b");
    story.request("a", { options: { numCtx: 512 } });
    expect(story.request("c")).toEqual(["no timer 2", "stop 2: evict"]);
  });

  test("the end of the last use counts, not its start", () => {
    const story = new SchedulerStory({ maxLoaded: 2 });
    for (const model of ["a", "b"]) story.request(model);
    for (const runner of [1, 2]) story.ready(runner);
    story.release(2);
    story.release(1);
    expect(story.request("c")).toEqual(["no timer 2", "stop 2: evict"]);
  });

  /** Models a and b in constant use and c waiting until its patience is over; a, used longer ago, has made way for it. */
  function patienceOver(): SchedulerStory {
    const story = new SchedulerStory({ maxLoaded: 2 });
    for (const model of ["a", "b"]) story.request(model, { parallel: 2 });
    for (const runner of [1, 2]) story.ready(runner);
    story.request("c");
    for (let i = 0; i < MAX_OVERTAKES; i++) {
      story.request("b", { parallel: 2 });
      story.release(2);
    }
    story.cancel(0);
    return story;
  }

  test("one model makes way, not one after the other", () => {
    const story = patienceOver();
    const next = MAX_OVERTAKES + 4;
    expect(story.request("a", { parallel: 2 })).toEqual([]);
    expect(story.request("b", { parallel: 2 })).toEqual([`grant ${next + 1} on 2`]);
  });

  test("a model that was to make way stays when another one did", () => {
    const story = patienceOver();
    expect(story.release(2)).toEqual(["stop 2: evict"]);
    expect(story.gone(2)).toEqual(["load c as 3 (4096)"]);
    expect(story.request("a", { parallel: 2 })).toEqual([`grant ${MAX_OVERTAKES + 4} on 1`]);
  });

  test("a room that comes free for a reload later on does not end anybody's patience", () => {
    const story = new SchedulerStory({ maxLoaded: 2 });
    for (const model of ["a", "b"]) story.request(model, { parallel: 2 });
    for (const runner of [1, 2]) story.ready(runner);
    story.request("a", { parallel: 2, options: { numCtx: 512 } });
    story.request("c");
    for (let i = 0; i < MAX_OVERTAKES; i++) {
      story.request("b", { parallel: 2 });
      story.release(2);
    }
    expect(story.request("b", { parallel: 2 })).toEqual([]);
  });

  test("a load that is called off is not used although it succeeds", () => {
    const story = new SchedulerStory();
    story.request("a");
    story.cancel(1);
    story.request("b");
    story.request("a");
    expect(story.ready(1)).toEqual([]);
  });

  test("a load that nobody waits for any more makes room", () => {
    const story = new SchedulerStory();
    story.request("a");
    story.cancel(1);
    expect(story.request("b")).toEqual(["stop 1: evict"]);
    expect(story.gone(1)).toEqual(["load b as 2 (4096)"]);
  });
});
