let last: Promise<void> = Promise.resolve();

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Does something that takes a good part of what anybody may be kept waiting, such as parsing a large body, in a turn of the event loop of
 * its own. Whoever asks gets one after the other; everybody else gets as much time between two of them as they take.
 */
export async function inOwnTurn<T>(work: () => T): Promise<T> {
  const before = last;
  const { promise, resolve } = Promise.withResolvers<void>();
  last = promise;
  await before;
  await nextTurn();
  const started = performance.now();
  try {
    return work();
  } finally {
    setTimeout(resolve, performance.now() - started);
    // What becomes of it is for the turn after.
    await nextTurn();
  }
}
