import { expect, test } from "bun:test";
import fc from "fast-check";
import { placeBlocks, STEP, TILE } from "../../../../../native/runner/decision/place-blocks.ts";

test("short ones share a tile, and none goes over the end of one that it need not", () => {
  expect(placeBlocks([20, 30, 40, 40, 100, 10, 3], 1000)).toEqual([0, 32, 64, 128, 192, 304, 320]);
});

test("as many as there is room for", () => {
  expect(placeBlocks([64, 64, 64], 191)).toEqual([0, 64]);
  expect(placeBlocks([64], 63)).toEqual([]);
});

test("each lies as it would alone", () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 64, max: 2048 }), (all, room) => {
      const places = placeBlocks(all, room);
      let end = 0;
      for (const [index, at] of places.entries()) {
        expect(at).toBeGreaterThanOrEqual(end);
        expect(at % STEP).toBe(0);
        end = at + all[index]!;
        expect(end).toBeLessThanOrEqual(room);
        // Its cells are parted into tiles as from the beginning of one.
        if (all[index]! > TILE) expect(at % TILE).toBe(0);
        else expect(Math.floor(at / TILE)).toBe(Math.floor((end - 1) / TILE));
      }
    }),
  );
});
