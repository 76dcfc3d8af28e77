let last: Promise<void> = Promise.resolve();

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * A turn of the event loop for something that takes a good part of what anybody may be kept waiting, such as parsing a large body.
 * Whoever asks gets one after the other, and what else there is to do gets its turns between them.
 */
export function ownTurn(): Promise<void> {
  last = last.then(nextTurn);
  return last;
}
