import { gt, lte } from "drizzle-orm";
import { writeTransaction } from "./database.ts";
import { keyCounts } from "./schema.ts";
import type { StoreContext } from "./store-context.ts";

/** Tokens used in a window that has not ended. */
export interface KeyCount {
  window: string;
  tokens: number;
  /** Milliseconds since the epoch. */
  endsAt: number;
}

/** The books of tokens that were used under limits, so that a server that is started anew goes on counting. */
export interface KeyCounts {
  /** The windows that have not ended. */
  load(): KeyCount[];
  /** Replaces the counts of these windows, and forgets those that have ended. */
  save(counts: readonly KeyCount[]): void;
}

export const createKeyCounts = ({ db, clock }: Pick<StoreContext, "db" | "clock">): KeyCounts => ({
  load: () => db.select().from(keyCounts).where(gt(keyCounts.endsAt, clock.now())).all(),
  save: (counts) =>
    writeTransaction(db, (tx) => {
      tx.delete(keyCounts).where(lte(keyCounts.endsAt, clock.now())).run();
      for (const { window, tokens, endsAt } of counts)
        tx.insert(keyCounts)
          .values({ window, tokens, endsAt })
          .onConflictDoUpdate({ target: keyCounts.window, set: { tokens } })
          .run();
    }),
});
