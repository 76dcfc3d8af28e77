let last: Promise<void> = Promise.resolve();

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Does work that keeps all other requests waiting for some milliseconds, such as parsing a large body, in a turn of the event loop of its
 * own. Such works follow one another, and between two of them all other requests get as much time as the first one took.
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
    // The caller goes on with the result in the turn after this one.
    await nextTurn();
  }
}
