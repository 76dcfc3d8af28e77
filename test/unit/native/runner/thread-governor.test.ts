import { describe, expect, test } from "bun:test";
import { ThreadGovernor } from "../../../../native/runner/thread-governor.ts";

/** Runs `steps` steps on a machine where a step costs `cost(threads)` ms; returns the thread counts used. */
function run(governor: ThreadGovernor, steps: number, cost: (threads: number) => number): number[] {
  return Array.from({ length: steps }, () => {
    const threads = governor.threads;
    governor.observe(1, cost(threads));
    return threads;
  });
}

const quiet = (threads: number): number => 16 / threads;
/** Threads beyond the first wait for a core that a neighbour has. */
const busy = (threads: number): number => (threads === 1 ? 17 : 400 * threads);

describe("ThreadGovernor", () => {
  test("alone on the machine nearly every step uses every thread", () => {
    const counts = run(new ThreadGovernor(4), 1000, quiet);
    expect(counts.filter((threads) => threads < 4).length).toBeLessThan(20);
  });

  test("a neighbour that was there from the start is noticed too", () => {
    const counts = run(new ThreadGovernor(4), 1000, busy);
    expect(counts.filter((threads) => threads > 1).length).toBeLessThan(25);
  });

  test("beside a busy neighbour it comes down to one thread and nearly stays there", () => {
    const governor = new ThreadGovernor(4);
    run(governor, 50, quiet);
    const counts = run(governor, 1000, busy);
    expect(counts.filter((threads) => threads > 1).length).toBeLessThan(20);
  });

  test("it climbs back when the neighbour has gone", () => {
    const governor = new ThreadGovernor(4);
    run(governor, 50, quiet);
    run(governor, 300, busy);
    run(governor, 3000, quiet);
    expect(governor.threads).toBe(4);
  });

  test("one slow step changes nothing", () => {
    const governor = new ThreadGovernor(2);
    run(governor, 50, quiet);
    governor.observe(1, 500);
    run(governor, 10, quiet);
    expect(governor.threads).toBe(2);
  });

  test("with one thread there is nothing to lower", () => {
    const governor = new ThreadGovernor(1);
    run(governor, 20, quiet);
    run(governor, 20, () => 5000);
    expect(governor.threads).toBe(1);
  });
});
