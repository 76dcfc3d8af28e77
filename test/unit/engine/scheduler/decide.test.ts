import { describe, expect, test } from "bun:test";
import { SchedulerStory } from "../../../support/scheduler-story.ts";

const BUSY = "server busy, please try again.  maximum pending requests exceeded";

describe("loading and slots", () => {
  test("the first request loads, later ones share the load, slots are handed out in order", () => {
    const story = new SchedulerStory();
    expect(story.request("a", { parallel: 2 })).toEqual(["load a as 1 (4096)"]);
    expect(story.request("a", { parallel: 2 })).toEqual([]);
    expect(story.request("a", { parallel: 2 })).toEqual([]);
    expect(story.ready(1)).toEqual(["grant 1 on 1", "grant 2 on 1"]);
    expect(story.release(1)).toEqual(["grant 3 on 1"]);
  });

  test("one that has left is passed over, and the load goes on without it", () => {
    const story = new SchedulerStory();
    story.request("a");
    story.request("a");
    expect(story.cancel(1)).toEqual([]);
    expect(story.ready(1)).toEqual(["grant 2 on 1"]);
  });

  test("a load that everybody has left stays resident", () => {
    const story = new SchedulerStory();
    story.request("a", { keepAlive: 5000 });
    expect(story.cancel(1)).toEqual([]);
    expect(story.ready(1)).toEqual(["timer 1 5000"]);
  });

  test("a failed load fails all who waited for it, and the next request tries again", () => {
    const story = new SchedulerStory();
    story.request("a");
    story.request("a");
    expect(story.gone(1)).toEqual(["reject 1: it broke", "reject 2: it broke"]);
    expect(story.request("a")).toEqual(["load a as 2 (4096)"]);
  });

  test("those who wait for a slot of a runner that crashes get a new one", () => {
    const story = new SchedulerStory();
    story.request("a");
    story.request("a");
    story.ready(1);
    expect(story.gone(1)).toEqual(["load a as 2 (4096)"]);
    expect(story.release(1)).toEqual([]);
    expect(story.ready(2)).toEqual(["grant 2 on 2"]);
  });

  test("a crash of one model leaves the others alone", () => {
    const story = new SchedulerStory({ maxLoaded: 2 });
    story.loadIdle("a");
    story.loadIdle("b");
    expect(story.gone(1)).toEqual(["no timer 1"]);
    expect(story.request("b")).toEqual(["no timer 2", "grant 3 on 2"]);
  });
});

describe("the queue's bound", () => {
  test("counts waits for a slot", () => {
    const story = new SchedulerStory({ maxQueue: 2 });
    story.request("a");
    story.ready(1);
    story.request("a");
    story.request("a");
    expect(story.request("a")).toEqual([`reject 4: ${BUSY}`]);
    story.release(1);
    expect(story.request("a")).toEqual([]);
  });

  test("counts waits for a load, but not the request that it is for", () => {
    const story = new SchedulerStory({ maxQueue: 1 });
    story.request("a");
    expect(story.request("a")).toEqual([]);
    expect(story.request("a")).toEqual([`reject 3: ${BUSY}`]);
  });

  test("a full queue turns nobody away whom a free slot or room can serve", () => {
    const story = new SchedulerStory({ maxQueue: 1, maxLoaded: 3 });
    story.loadIdle("b");
    story.request("a");
    story.request("a");
    expect(story.request("b")).toEqual(["no timer 1", "grant 4 on 1"]);
    expect(story.request("c")).toEqual(["load c as 3 (4096)"]);
  });

  test("whoever is turned away has changed nothing but the place that the next one is told of", () => {
    const story = new SchedulerStory({ maxQueue: 0, maxLoaded: 1 });
    story.loadIdle("a");
    const before = story.state;
    expect(story.request("b")).toEqual([`reject 2: ${BUSY}`]);
    expect(story.state).toEqual({ ...before, promised: expect.any(Number) });
  });
});

test("shutdown rejects whoever waits, stops every runner and takes no more", () => {
  const story = new SchedulerStory({ maxLoaded: 2 });
  story.request("a");
  story.ready(1);
  story.request("a");
  story.request("b");
  expect(story.shutdown()).toEqual([
    "reject 2: the server is shutting down",
    "reject 3: the server is shutting down",
    "stop 1: shutdown",
    "stop 2: shutdown",
  ]);
  expect(story.request("a")).toEqual(["reject 4: the server is shutting down"]);
  expect(story.gone(1)).toEqual([]);
  expect(story.gone(2)).toEqual([]);
});
