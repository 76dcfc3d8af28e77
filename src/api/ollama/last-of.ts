/** The last line of progress: what a client gets that wants no stream. */
export async function lastOf(progress: AsyncIterable<object>): Promise<object> {
  let last: object = {};
  for await (const status of progress) last = status;
  return last;
}
