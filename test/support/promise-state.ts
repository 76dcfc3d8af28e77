/**
 * What a promise has come to by now: its value, its error, or `pending`.
 */
export async function stateOf<T>(promise: Promise<T>): Promise<T | Error | "pending"> {
  // One macrotask: every promise that can settle without further news has settled.
  const later = new Promise<"pending">((resolve) => setImmediate(() => resolve("pending")));
  return Promise.race([promise.catch((error: Error) => error), later]);
}

/** The error that a promise is rejected with. Unlike `expect().rejects` it lets the test's time limit work when there is none. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => new Error("no error"),
    (reason: unknown) => reason,
  );
  return error instanceof Error ? error : new Error(String(error));
}
