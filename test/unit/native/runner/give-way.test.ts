import { expect, test } from "bun:test";
import { giveWay } from "../../../../native/runner/give-way.ts";

const answer = { slot: 0, remaining: 1, generating: true };
const batch = { slot: 1, remaining: 1, generating: true, batch: true };
const longBatch = { slot: 2, remaining: 600, generating: false, batch: true };

test.each([[0], [1], [8]])("batches alone have all of step %d", (step) => {
  expect(giveWay([batch, longBatch], step)).toEqual([batch, longBatch]);
});

test("nobody gives way where all are interactive", () => {
  const other = { ...answer, slot: 3, remaining: 600, generating: false };
  expect(giveWay([answer, other], 1)).toEqual([answer, other]);
});

test("beside an interactive answer they have a little of every eighth step", () => {
  const steps = Array.from({ length: 16 }, (_, step) => giveWay([answer, batch, longBatch], step));
  expect(steps.map(({ length }) => length)).toEqual([3, 1, 1, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1, 1]);
  expect(steps[0]).toEqual([answer, batch, { ...longBatch, pause: 8 }]);
  expect(steps[1]).toEqual([answer]);
});

test("that is little for all of them together: the first that came has it, the others what it leaves", () => {
  const short = { ...longBatch, slot: 3, remaining: 5 };
  expect(giveWay([short, longBatch, answer], 0)).toEqual([
    { ...short, pause: 5 },
    { ...longBatch, pause: 3 },
    answer,
  ]);
  expect(giveWay([longBatch, short, answer], 0)).toEqual([{ ...longBatch, pause: 8 }, answer]);
});

test("a checkpoint that is nearer stays where it is", () => {
  expect(giveWay([answer, { ...longBatch, pause: 5 }], 0)[1]).toMatchObject({ pause: 5 });
});
