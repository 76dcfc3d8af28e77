import { expect, test } from "bun:test";
import { Watchdog } from "../../../src/lib/watchdog.ts";
import { FakeClock } from "../../support/fake-clock.ts";

function watched() {
  const clock = new FakeClock();
  let barks = 0;
  const watchdog = new Watchdog(clock, () => barks++);
  return { clock, watchdog, barks: () => barks };
}

test("it barks once after so much silence, and whatever is heard puts that off", () => {
  const { clock, watchdog, barks } = watched();
  watchdog.start(100);
  clock.advance(99);
  watchdog.touch();
  clock.advance(99);
  expect(barks()).toBe(0);
  clock.advance(1);
  clock.advance(1000);
  expect(barks()).toBe(1);
});

test("stopped, it hears nothing and does not bark; a start has its own time", () => {
  const { clock, watchdog, barks } = watched();
  watchdog.touch();
  watchdog.start(100);
  watchdog.stop();
  watchdog.touch();
  clock.advance(1000);
  expect(barks()).toBe(0);
  expect(clock.pending).toEqual([]);
  watchdog.start(100);
  watchdog.start(50);
  clock.advance(50);
  expect(barks()).toBe(1);
});
