import { describe, expect, test } from "bun:test";
import { SchedulerStory } from "../../../support/scheduler-story.ts";

const GIB = 2 ** 30;

/** A computer with so much memory; runners take theirs when they are ready, and give it back when they are gone. */
class Computer extends SchedulerStory {
  readonly #gibibytes: number;

  constructor(gibibytes: number, maxLoaded = 3) {
    super({ maxLoaded });
    this.#gibibytes = gibibytes;
  }

  override play(event: Parameters<SchedulerStory["play"]>[0]): string[] {
    const stays = this.state.residents.filter(
      ({ id, phase }) => phase !== "loading" && !(event.type === "gone" && event.runner === id),
    );
    const used = stays.reduce((total, { memory }) => total + memory.bytes, 0);
    this.availableBytes = this.#gibibytes * GIB - used;
    return super.play(event);
  }

  idle(model: string, gibibytes: number): void {
    this.loadIdle(model, { bytes: gibibytes * GIB });
  }

  ask(model: string, gibibytes: number): string[] {
    return this.request(model, { bytes: gibibytes * GIB });
  }
}

describe("memory", () => {
  test("as many models as fit, up to the limit", () => {
    const computer = new Computer(16);
    expect(computer.ask("a", 4)).toEqual(["load a as 1 (4096)"]);
    expect(computer.ask("b", 4)).toEqual(["load b as 2 (4096)"]);
    expect(computer.ask("c", 4)).toEqual(["load c as 3 (4096)"]);
    expect(computer.ask("d", 4)).toEqual([]);
  });

  test("a model that loads has its memory promised to it, although it has not taken it yet", () => {
    const computer = new Computer(8);
    expect(computer.ask("a", 5)).toEqual(["load a as 1 (4096)"]);
    expect(computer.ask("b", 5)).toEqual([]);
  });

  test("the least recently used model goes that is large enough, and no other", () => {
    const computer = new Computer(16);
    computer.idle("small", 2);
    computer.idle("large", 8);
    expect(computer.ask("new", 10)).toEqual(["no timer 2", "stop 2: evict"]);
    expect(computer.gone(2)).toEqual(["load new as 3 (4096)"]);
  });

  test("of several that are large enough, the least recently used", () => {
    const computer = new Computer(16);
    computer.idle("a", 5);
    computer.idle("b", 5);
    expect(computer.ask("new", 8)).toEqual(["no timer 1", "stop 1: evict"]);
  });

  test("as many as it takes, and only those", () => {
    const computer = new Computer(16);
    computer.idle("a", 1);
    computer.idle("b", 6);
    computer.idle("c", 7);
    expect(computer.ask("new", 15)).toEqual(["no timer 2", "stop 2: evict", "no timer 3", "stop 3: evict"]);
    expect(computer.gone(2)).toEqual([]);
    expect(computer.gone(3)).toEqual(["load new as 4 (4096)"]);
  });

  test("memory that an earlier request waits for is not given to a later one", () => {
    const computer = new Computer(16);
    computer.ask("a", 10);
    computer.ready(1);
    expect(computer.ask("large", 12)).toEqual([]);
    expect(computer.ask("small", 2)).toEqual([]);
    expect(computer.release(1)).toEqual(["stop 1: evict"]);
    expect(computer.gone(1)).toEqual(["load large as 2 (4096)", "load small as 3 (4096)"]);
  });

  test("a loaded model is not disturbed by another's wait", () => {
    const computer = new Computer(16);
    computer.ask("a", 10);
    computer.ready(1);
    computer.ask("large", 12);
    computer.release(1);
    expect(computer.state.residents[0]?.phase).toBe("stopping");
    const other = new Computer(16);
    other.request("a", { bytes: 10 * GIB, parallel: 2 });
    other.ready(1);
    other.ask("large", 12);
    expect(other.request("a", { bytes: 10 * GIB, parallel: 2 })).toEqual(["grant 3 on 1"]);
  });

  test("a model that can never fit is refused at once, with the numbers", () => {
    const computer = new Computer(8);
    computer.idle("a", 2);
    expect(computer.request("b", { bytes: 20 * GIB, options: { numCtx: 2048 } })).toEqual([
      "reject 2: model requires more system memory (20.0 GiB) than is available (8.0 GiB), no num_ctx makes it fit",
    ]);
    expect(computer.state.residents).toHaveLength(1);
  });
});
