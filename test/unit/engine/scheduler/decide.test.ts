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

describe("keep-alive", () => {
  test("the timer starts with the last lease's end and a new request stops it", () => {
    const story = new SchedulerStory();
    story.request("a", { parallel: 2 });
    story.request("a", { parallel: 2 });
    story.ready(1);
    expect(story.release(1)).toEqual([]);
    expect(story.release(1)).toEqual(["timer 1 300000"]);
    expect(story.request("a", { parallel: 2 })).toEqual(["no timer 1", "grant 3 on 1"]);
    expect(story.release(1)).toEqual(["timer 1 300000"]);
    expect(story.expire(1)).toEqual(["no timer 1", "stop 1: keep_alive"]);
  });

  test("a request's value replaces the model's and persists", () => {
    const story = new SchedulerStory();
    story.loadIdle("a", { keepAlive: 1000 });
    story.request("a", { keepAlive: 7000 });
    expect(story.release(1)).toEqual(["timer 1 7000"]);
    story.request("a");
    expect(story.release(1)).toEqual(["timer 1 7000"]);
  });

  test("a new load starts from the default again", () => {
    const story = new SchedulerStory();
    story.loadIdle("a", { keepAlive: 1000 });
    story.expire(1);
    story.gone(1);
    story.request("a");
    story.ready(2);
    expect(story.release(2)).toEqual(["timer 2 300000"]);
  });

  test("0 ends it when idle, after those who already wait", () => {
    const story = new SchedulerStory();
    story.request("a", { keepAlive: 0 });
    story.request("a");
    story.ready(1);
    expect(story.release(1)).toEqual(["grant 2 on 1"]);
    expect(story.release(1)).toEqual(["stop 1: keep_alive"]);
  });

  test("a pinned model has no timer", () => {
    const story = new SchedulerStory();
    story.request("a", { keepAlive: Number.POSITIVE_INFINITY });
    story.ready(1);
    expect(story.release(1)).toEqual([]);
    expect(story.request("a")).toEqual(["grant 2 on 1"]);
  });

  test("a request that comes while the process ends loads anew", () => {
    const story = new SchedulerStory();
    story.loadIdle("a");
    story.expire(1);
    expect(story.request("a")).toEqual([]);
    expect(story.gone(1)).toEqual(["load a as 2 (4096)"]);
  });
});

describe("unload", () => {
  test("idle: at once", () => {
    const story = new SchedulerStory();
    story.loadIdle("a");
    expect(story.unload("a")).toEqual(["no timer 1", "stop 1: unload"]);
  });

  test("busy: when those who came before are done; those who come after load anew", () => {
    const story = new SchedulerStory();
    story.request("a");
    story.ready(1);
    story.request("a");
    expect(story.unload("a")).toEqual([]);
    expect(story.request("a")).toEqual([]);
    expect(story.release(1)).toEqual(["grant 2 on 1"]);
    expect(story.release(1)).toEqual(["stop 1: unload"]);
    expect(story.gone(1)).toEqual(["load a as 2 (4096)"]);
    expect(story.ready(2)).toEqual(["grant 3 on 2"]);
  });

  test("is not forgotten when a request for other options comes and goes", () => {
    const story = new SchedulerStory();
    story.request("a");
    story.ready(1);
    story.unload("a");
    story.request("a", { options: { numCtx: 512 } });
    story.cancel(2);
    expect(story.release(1)).toEqual(["stop 1: unload"]);
  });

  test("another model's weights are not touched", () => {
    const story = new SchedulerStory();
    story.loadIdle("a");
    expect(story.unload("b")).toEqual([]);
  });
});

describe("other load options", () => {
  test("replace an idle runner", () => {
    const story = new SchedulerStory();
    story.loadIdle("a");
    expect(story.request("a", { options: { numCtx: 512 } })).toEqual([
      "no timer 1",
      "stop 1: reload num_ctx",
    ]);
    expect(story.gone(1)).toEqual(["load a as 2 (512)"]);
  });

  test("wait for requests under way, and those of the old kind that come later wait behind", () => {
    const story = new SchedulerStory();
    story.request("a", { parallel: 2 });
    story.ready(1);
    expect(story.request("a", { parallel: 2, options: { numCtx: 512 } })).toEqual([]);
    expect(story.request("a", { parallel: 2 })).toEqual([]);
    expect(story.release(1)).toEqual(["stop 1: reload num_ctx"]);
    expect(story.gone(1)).toEqual(["load a as 2 (512)"]);
    expect(story.ready(2)).toEqual(["grant 2 on 2"]);
    expect(story.release(2)).toEqual(["stop 2: reload num_ctx"]);
    expect(story.gone(2)).toEqual(["load a as 3 (4096)"]);
  });

  test("no reload when the one who wanted it leaves", () => {
    const story = new SchedulerStory();
    story.request("a");
    story.ready(1);
    story.request("a", { options: { numCtx: 512 } });
    story.request("a");
    expect(story.cancel(2)).toEqual([]);
    expect(story.release(1)).toEqual(["grant 3 on 1"]);
  });

  test("replace a load that nobody waits for any more", () => {
    const story = new SchedulerStory();
    story.request("a");
    story.cancel(1);
    expect(story.request("a", { options: { numCtx: 512 } })).toEqual(["stop 1: reload num_ctx"]);
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

  test("whoever is turned away has changed nothing", () => {
    const story = new SchedulerStory({ maxQueue: 0, maxLoaded: 1 });
    story.loadIdle("a");
    const before = story.state;
    expect(story.request("b")).toEqual([`reject 2: ${BUSY}`]);
    expect(story.state).toBe(before);
  });
});

describe("memory", () => {
  test("short at a load: the others go, then it is tried once more", () => {
    const story = new SchedulerStory({ maxLoaded: 3 });
    story.loadIdle("a");
    story.request("b");
    story.ready(2);
    story.request("c");
    expect(story.gone(3, { outOfMemory: true })).toEqual(["no timer 1", "stop 1: memory"]);
    expect(story.request("d")).toEqual([]);
    expect(story.gone(1)).toEqual([]);
    expect(story.release(2)).toEqual(["stop 2: memory"]);
    expect(story.gone(2)).toEqual(["load c as 4 (4096)", "load d as 5 (4096)"]);
    expect(story.gone(4, { outOfMemory: true })).toEqual(["reject 3: it broke"]);
  });

  test("short for the only model: its request fails", () => {
    const story = new SchedulerStory();
    story.request("a");
    expect(story.gone(1, { outOfMemory: true })).toEqual(["reject 1: it broke"]);
  });

  test("an automatic context is lowered once", () => {
    const story = new SchedulerStory();
    story.request("a", { contextLength: 8192 });
    expect(story.gone(1, { outOfMemory: true })).toEqual(["load a as 2 (4096)"]);
    expect(story.ready(2)).toEqual(["grant 1 on 2"]);
    story.release(2);
    expect(story.request("a", { contextLength: 8192 })).toEqual(["no timer 2", "grant 2 on 2"]);
  });

  test("short while a model works: the others end when idle", () => {
    const story = new SchedulerStory({ maxLoaded: 3 });
    story.loadIdle("a");
    story.request("b");
    story.ready(2);
    expect(story.gone(2, { outOfMemory: true })).toEqual(["no timer 1", "stop 1: memory"]);
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

describe("the vocabulary alone", () => {
  test("loads the model, and takes no slot", () => {
    const story = new SchedulerStory();
    expect(story.request("a", { slotless: true })).toEqual(["load a as 1 (4096)"]);
    story.request("a");
    expect(story.ready(1)).toEqual(["grant 1 on 1", "grant 2 on 1"]);
    expect(story.release(1)).toEqual([]);
    expect(story.handBack(1)).toEqual(["timer 1 300000"]);
  });

  test("does not wait behind those who wait for a slot, nor for other load options", () => {
    const story = new SchedulerStory();
    story.request("a");
    story.ready(1);
    story.request("a");
    expect(story.request("a", { slotless: true, options: { numCtx: 512 } })).toEqual(["grant 3 on 1"]);
    expect(story.release(1)).toEqual(["grant 2 on 1"]);
  });

  test("keeps the model from unloading, and has its keep-alive", () => {
    const story = new SchedulerStory();
    story.loadIdle("a");
    expect(story.request("a", { slotless: true, keepAlive: 0 })).toEqual(["no timer 1", "grant 2 on 1"]);
    expect(story.unload("a")).toEqual([]);
    expect(story.handBack(1)).toEqual(["stop 1: unload"]);
  });

  test("behind a reload it waits for what is loaded next", () => {
    const story = new SchedulerStory();
    story.request("a");
    story.ready(1);
    story.request("a", { options: { numCtx: 512 } });
    expect(story.request("a", { slotless: true })).toEqual([]);
    expect(story.release(1)).toEqual(["stop 1: reload num_ctx"]);
    expect(story.gone(1)).toEqual(["load a as 2 (512)"]);
    expect(story.ready(2)).toEqual(["grant 2 on 2", "grant 3 on 2"]);
  });

  test("behind one who waits for room it asks for none of its own", () => {
    const story = new SchedulerStory();
    story.request("a");
    story.ready(1);
    story.request("b");
    expect(story.request("b", { slotless: true })).toEqual([]);
    expect(story.release(1)).toEqual(["stop 1: evict"]);
    expect(story.gone(1)).toEqual(["load b as 2 (4096)"]);
    expect(story.ready(2)).toEqual(["grant 2 on 2", "grant 3 on 2"]);
  });
});
