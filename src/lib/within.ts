import type { Clock } from "./clock.ts";

/**
 * Waits for `work`, but no longer than `ms` milliseconds.
 * @returns whether it ended in time. How it ended is for the owner of `work`.
 */
export function endsWithin(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const callOff = clock.after(ms, () => resolve(false));
    const finish = () => {
      callOff();
      resolve(true);
    };
    work.then(finish, finish);
  });
}
