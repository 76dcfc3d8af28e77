import type { Clock } from "../lib/clock.ts";
import type { Digest } from "../lib/digest.ts";
import { AppError } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import type { BlobHolds } from "./blob-holds.ts";
import type { Db } from "./database.ts";

/** The objects that the parts of an open store share. */
export interface StoreContext {
  readonly db: Db;
  /** The store's directory. */
  readonly root: string;
  /** The `blobs` directory in it. */
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** OLLAMA_NOPRUNE: overwriting a tag deletes nothing. */
  readonly noPrune: boolean;
  /** Why nothing can be written; undefined: it can. Otherwise the books are a copy in memory, whose changes are lost. */
  readonly readOnly: string | undefined;
  readonly holds: BlobHolds;
}

/** Whether a blob must stay although no model names it; see {@link BlobHolds}. */
export const isCountedOn =
  ({ holds, clock }: Pick<StoreContext, "holds" | "clock">) =>
  (digest: Digest): boolean =>
    holds.has(digest, clock.now());

/** @throws AppError `read_only` where the store can only be read. */
export function requireWritable({ readOnly }: Pick<StoreContext, "readOnly">): void {
  if (readOnly !== undefined) throw new AppError("read_only", readOnly);
}
