import type { Clock } from "./clock.ts";

/**
 * Waits for `work`, but no longer than `ms` milliseconds.
 * @returns whether `work` ended in time. Its result or error is left to the owner of `work`.
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
