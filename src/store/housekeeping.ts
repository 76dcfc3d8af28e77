import { AppError } from "../lib/errors.ts";
import { emptyLog } from "./database.ts";
import { collectGarbage } from "./garbage.ts";
import { fillReserve } from "./reserve.ts";
import { collectResponses } from "./responses.ts";
import type { StoreContext } from "./store-context.ts";

/** As long as the grace of an upload, so that an unused upload stays for about twice that at most. */
const EVERY_MS = 3_600_000;

/** Removes blobs that no model uses (not with OLLAMA_NOPRUNE) and responses that are too old. */
function tidy(context: StoreContext): void {
  if (!context.noPrune) {
    const { files, removed } = collectGarbage(context);
    context.logger.info(`total blobs: ${files}`);
    context.logger.info(`total unused blobs removed: ${removed}`);
  }
  collectResponses(context.db, context.clock);
  emptyLog(context.db);
  fillReserve(context.root);
}

/**
 * Tidies the store now, and every hour until the end of the returned scope: a server runs for months. A full disk or another process
 * that is at work is no reason not to start.
 */
export function keepTidy(context: StoreContext): Disposable {
  let stop = (): void => {};
  const run = (): void => {
    try {
      tidy(context);
    } catch (error) {
      const { message } = AppError.from(error);
      context.logger.warn("the store could not be tidied", { directory: context.root, error: message });
    }
    stop = context.clock.after(EVERY_MS, run);
  };
  run();
  return { [Symbol.dispose]: () => stop() };
}
