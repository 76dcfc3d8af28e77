import { describe, expect, test } from "bun:test";
import { SchedulerStory } from "../../../support/scheduler-story.ts";

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
