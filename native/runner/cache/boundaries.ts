/** In a prompt without ends of messages the checkpoint is so many tokens before its end, since the same prompt is often sent again. */
const TAIL = 4;
/** Evaluating fewer tokens than this takes less time than saving a state. */
const SPACING = 32;

/**
 * After how many cells of a prompt a checkpoint is worth its bytes: behind the last message (what follows opens the answer, and a
 * template may write it otherwise when the answer has become a message), behind the one before (the question may be asked in other
 * words), and behind the first (often instructions that many conversations begin with).
 *
 * @param from cells that need no evaluation; no checkpoint can be made within them.
 * @param isEnd is it an end-of-generation token? In most templates one ends every message.
 * @returns in ascending order.
 */
export function boundaries(
  cells: readonly number[],
  from: number,
  isEnd: (token: number) => boolean,
): number[] {
  const ends: number[] = [];
  for (let at = 0; at < cells.length - 1; at++) {
    const token = cells[at]!;
    if (token >= 0 && isEnd(token)) ends.push(at + 1);
  }
  const wanted = ends.length === 0 ? [cells.length - TAIL] : [ends[0]!, ...ends.slice(-2)];
  return wanted.filter((at, index) => at > from && at > SPACING && wanted.indexOf(at) === index);
}
