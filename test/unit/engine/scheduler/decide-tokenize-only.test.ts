import { describe, expect, test } from "bun:test";
import { SchedulerStory } from "../../../support/scheduler-story.ts";

describe("the vocabulary alone", () => {
  test("loads the model, and takes no slot", () => {
    const story = new SchedulerStory();
    expect(story.request("a", { tokenizeOnly: true })).toEqual(["load a as 1 (4096)"]);
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
    expect(story.request("a", { tokenizeOnly: true, options: { numCtx: 512 } })).toEqual(["grant 3 on 1"]);
    expect(story.release(1)).toEqual(["grant 2 on 1"]);
  });

  test("keeps the model from unloading, and has its keep-alive", () => {
    const story = new SchedulerStory();
    story.loadIdle("a");
    expect(story.request("a", { tokenizeOnly: true, keepAlive: 0 })).toEqual(["no timer 1", "grant 2 on 1"]);
    expect(story.unload("a")).toEqual([]);
    expect(story.handBack(1)).toEqual(["stop 1: unload"]);
  });

  test("behind a reload it waits for what is loaded next", () => {
    const story = new SchedulerStory();
    story.request("a");
    story.ready(1);
    story.request("a", { options: { numCtx: 512 } });
    expect(story.request("a", { tokenizeOnly: true })).toEqual([]);
    expect(story.release(1)).toEqual(["stop 1: reload num_ctx"]);
    expect(story.gone(1)).toEqual(["load a as 2 (512)"]);
    expect(story.ready(2)).toEqual(["grant 3 on 2", "grant 2 on 2"]);
  });

  test("behind one who waits for room it asks for none of its own", () => {
    const story = new SchedulerStory();
    story.request("a");
    story.ready(1);
    story.request("b");
    expect(story.request("b", { tokenizeOnly: true })).toEqual([]);
    expect(story.release(1)).toEqual(["stop 1: evict"]);
    expect(story.gone(1)).toEqual(["load b as 2 (4096)"]);
    expect(story.ready(2)).toEqual(["grant 3 on 2", "grant 2 on 2"]);
  });
});
