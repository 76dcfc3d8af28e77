/**
 * The values of several sources as they come. A source is asked for its next value only when its last one has been taken. The
 * first failure is thrown; it ends all sources, and so does a consumer that leaves.
 *
 * @param onEnd called at the end, before it waits for sources that are still busy: it should cancel their work.
 */
export async function* mergeIterables<T>(
  sources: readonly AsyncGenerator<T, void, undefined>[],
  onEnd: () => void,
): AsyncGenerator<T, void, undefined> {
  const asked = new Map<number, Promise<{ at: number; result: IteratorResult<T, void> }>>();
  const ask = (source: AsyncGenerator<T, void, undefined>, at: number) =>
    asked.set(
      at,
      source.next().then((result) => ({ at, result })),
    );
  try {
    for (const [at, source] of sources.entries()) ask(source, at);
    while (asked.size > 0) {
      const { at, result } = await Promise.race(asked.values());
      asked.delete(at);
      if (result.done) continue;
      yield result.value;
      ask(sources[at]!, at);
    }
  } finally {
    onEnd();
    await Promise.all(sources.map((source) => source.return()));
  }
}
