/** Yields what `source` yields, each through `map`, and returns what it returns. A consumer that leaves ends the source. */
export async function* mapYields<T, U, R>(
  source: AsyncGenerator<T, R, undefined>,
  map: (value: T) => U,
): AsyncGenerator<U, R, undefined> {
  await using owned = source;
  for (;;) {
    const { done, value } = await owned.next();
    if (done) return value;
    yield map(value);
  }
}
