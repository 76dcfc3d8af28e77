import type { Clock } from "../../../../src/lib/clock.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

/** Friday 1 March 2024, noon local time: the day after a leap day, the clock of the goldens too. */
export const noon: Clock = new FakeClock(new Date(2024, 2, 1, 12).getTime());
