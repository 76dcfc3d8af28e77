const POLL_MS = 100;

/**
 * Waits for what can only be seen by asking again and again.
 *
 * @param what is waited for, for the error's message.
 * @throws Error after `limitMs`; and whatever `isSo` throws, at once.
 */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 240_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await Bun.sleep(POLL_MS);
  }
}
