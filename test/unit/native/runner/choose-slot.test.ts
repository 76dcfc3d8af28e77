import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { CellRow } from "../../../../native/runner/cell-row.ts";
import { chooseSlot, commonPrefix, type SlotView } from "../../../../native/runner/choose-slot.ts";

const run = (length: number, from = 0): number[] => Array.from({ length }, (_, i) => from + i);
const slot = (index: number, cached: number[], lastUsed: number, busy = false): SlotView => ({
  index,
  cached,
  lastUsed,
  busy,
});

const text = (cells: number[]): CellRow => ({ cells, media: [] });

describe("chooseSlot", () => {
  test("no idle slot: none", () => {
    expect(chooseSlot([slot(0, [], 1, true)], text([1, 2]))).toBeUndefined();
  });

  test("an empty cache: the least recently used slot, nothing to reuse", () => {
    expect(chooseSlot([slot(0, [], 5), slot(1, [], 2)], text([7, 8]))).toEqual({ slot: 1, reuse: 0 });
  });

  test("the conversation that the prompt continues, however recently used", () => {
    const slots = [slot(0, run(50), 9), slot(1, run(50, 1000), 1)];
    expect(chooseSlot(slots, text(run(80)))).toEqual({ slot: 0, reuse: 50 });
  });

  test("a prompt that is cached whole leaves one token to evaluate", () => {
    expect(chooseSlot([slot(0, run(30), 1)], text(run(30)))).toEqual({ slot: 0, reuse: 29 });
    expect(chooseSlot([slot(0, run(30), 1)], text(run(20)))).toEqual({ slot: 0, reuse: 19 });
  });

  test("a long prefix in a busy slot is copied, not stolen", () => {
    const slots = [slot(0, run(200), 9, true), slot(1, run(10, 5000), 1)];
    expect(chooseSlot(slots, text([...run(150), 999]))).toEqual({ slot: 1, reuse: 150, copyFrom: 0 });
  });

  test("a short prefix in a busy slot is not worth a copy", () => {
    const slots = [slot(0, run(200), 9, true), slot(1, [], 1)];
    expect(chooseSlot(slots, text([...run(40), 999]))).toEqual({ slot: 1, reuse: 0 });
  });

  test("an idle conversation keeps its own tail when another slot can take a copy", () => {
    const slots = [slot(0, run(400), 9), slot(1, [], 1)];
    expect(chooseSlot(slots, text([...run(100), 999]))).toEqual({ slot: 1, reuse: 100, copyFrom: 0 });
  });

  test("with a single slot the tail has to go", () => {
    expect(chooseSlot([slot(0, run(400), 9)], text([...run(100), 999]))).toEqual({ slot: 0, reuse: 100 });
  });

  test("whatever the caches hold: an idle slot, and only tokens that really are a prefix of the prompt", () => {
    const tokens = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 150 });
    const slots = fc.array(fc.record({ cached: tokens, lastUsed: fc.nat(), busy: fc.boolean() }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(
        slots,
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 150 }),
        (views, prompt) => {
          const all = views.map((view, index) => ({ ...view, index }));
          const choice = chooseSlot(all, text(prompt));
          if (choice === undefined) return all.every(({ busy }) => busy);
          const source = all[choice.copyFrom ?? choice.slot]!;
          return (
            !all[choice.slot]!.busy &&
            choice.copyFrom !== choice.slot &&
            choice.reuse < prompt.length &&
            choice.reuse <= commonPrefix(source.cached, prompt)
          );
        },
      ),
    );
  });
});
