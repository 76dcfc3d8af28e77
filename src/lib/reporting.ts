import { AsyncQueue } from "./async-queue.ts";

/**
 * Runs `work` and yields its reports in order; the generator's return value is the work's result. A consumer
 * that leaves early aborts the work, and is let go when the work has ended.
 *
 * @param signal aborts the work as well.
 * @throws what `work` throws, after everything it had reported.
 */
export async function* reporting<Report, Result>(
  signal: AbortSignal,
  work: (report: (value: Report) => void, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Report, Result> {
  const left = new AbortController();
  const reports = new AsyncQueue<Report>();
  const result = work((value) => reports.push(value), AbortSignal.any([signal, left.signal]));
  const ended = result.then(
    () => reports.close(),
    () => reports.close(),
  );
  try {
    yield* reports;
    return await result;
  } finally {
    left.abort();
    await ended;
  }
}
