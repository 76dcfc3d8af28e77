/**
 * Makes something when it is first asked for, once; all that ask meanwhile wait for the same. A failure is not kept: the next one who
 * asks has it made again.
 */
export function madeOnce<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
