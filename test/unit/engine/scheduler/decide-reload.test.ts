import { describe, expect, test } from "bun:test";
import { SchedulerStory } from "../../../support/scheduler-story.ts";

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
