import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { commonPrefix } from "../../../../native/runner/cache/usable.ts";
import type { CellRow } from "../../../../native/runner/cell-row.ts";
import { chooseSlot as choose, type SlotView } from "../../../../native/runner/choose-slot.ts";

const run = (length: number, from = 0): number[] => Array.from({ length }, (_, i) => from + i);
/** A memory that can be cut anywhere, and nobody's in particular. */
const ANYWHERE = { floor: 0, checkpoints: [], salt: "" };
const slot = (index: number, cached: number[], lastUsed: number, busy = false): SlotView => ({
  index,
  cells: cached,
  lastUsed,
  busy,
  ...ANYWHERE,
});
const chooseSlot = (slots: SlotView[], prompt: CellRow) => choose(slots, prompt, "");

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
          const all = views.map((view, index) => ({ ...view, index, cells: view.cached, ...ANYWHERE }));
          const choice = chooseSlot(all, text(prompt));
          if (choice === undefined) return all.every(({ busy }) => busy);
          const source = all[choice.copyFrom ?? choice.slot]!;
          return (
            !all[choice.slot]!.busy &&
            choice.copyFrom !== choice.slot &&
            choice.reuse < prompt.length &&
            choice.reuse <= commonPrefix(source.cells, prompt)
          );
        },
      ),
    );
  });

  test("nothing of another caller's, whatever it is like", () => {
    const other = { ...slot(0, run(200), 9), salt: "somebody else" };
    expect(choose([other], text(run(200)), "")).toEqual({ slot: 0, reuse: 0 });
    expect(choose([other, slot(1, run(50), 1)], text(run(200)), "")).toEqual({ slot: 1, reuse: 50 });
    expect(choose([other], text(run(200)), "somebody else")).toEqual({ slot: 0, reuse: 199 });
  });

  test("a memory that cannot be cut: up to its end, or to the last checkpoint before the prompt goes on otherwise", () => {
    const whole = { ...slot(0, run(100), 1), floor: 100, checkpoints: [{ cells: 30 }, { cells: 70 }] };
    expect(chooseSlot([whole], text(run(120)))).toEqual({ slot: 0, reuse: 100 });
    expect(chooseSlot([whole], text([...run(90), 999]))).toEqual({ slot: 0, reuse: 70 });
    expect(chooseSlot([whole], text([...run(69), 999]))).toEqual({ slot: 0, reuse: 30 });
    expect(chooseSlot([whole], text([...run(29), 999]))).toEqual({ slot: 0, reuse: 0 });
    expect(chooseSlot([whole], text(run(100)))).toEqual({ slot: 0, reuse: 70 });
  });
});
