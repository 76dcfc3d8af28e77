import { describe, expect, test } from "bun:test";
import { SchedulerStory } from "../../../support/scheduler-story.ts";

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
