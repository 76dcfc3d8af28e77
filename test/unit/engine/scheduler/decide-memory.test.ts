import { describe, expect, test } from "bun:test";
import { SchedulerStory } from "../../../support/scheduler-story.ts";

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
