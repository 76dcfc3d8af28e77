import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/logger.ts";
import type { Db } from "./database.ts";

/** What the parts of an open store share. */
export interface StoreContext {
  readonly db: Db;
  /** The `blobs` directory. */
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** OLLAMA_NOPRUNE: overwriting a tag deletes nothing. */
  readonly noPrune: boolean;
  /**
   * An Ollama store lies in the same directory. Its manifests refer to blobs that we have no rows for, and maybe to ours, so no
   * blob's file is ever deleted.
   */
  readonly shared: boolean;
}
