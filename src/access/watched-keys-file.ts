import { statSync } from "node:fs";
import type { Clock } from "../lib/clock.ts";
import { badRequest, messageOf } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { readBoundedFile } from "../lib/read-bounded-file.ts";
import { parseKeysFile } from "./keys-file.ts";
import type { KnownKey } from "./known-key.ts";

const MAX_BYTES = 16 * 1024 * 1024;
/** How long the keys that were read count before the file is looked at again, in milliseconds. */
const FRESH_MS = 1000;

/**
 * The keys of OLLAMA_API_KEYS_FILE, as the file is now. A change that cannot be read is logged, and the keys stay as they were: neither
 * an editor's half-written file nor a lost mount opens the server or locks everybody out.
 */
export class WatchedKeysFile {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #keys: KnownKey[];
  #state: string;
  #lookedAt: number;

  /** @throws AppError that names the variable, for a file that cannot be read or understood. */
  constructor(path: string, clock: Clock, logger: Logger) {
    this.#path = path;
    this.#clock = clock;
    this.#logger = logger;
    this.#lookedAt = clock.now();
    try {
      this.#state = stateOf(path);
      this.#keys = read(path);
    } catch (error) {
      throw badRequest(`OLLAMA_API_KEYS_FILE=${JSON.stringify(path)} cannot be used: ${messageOf(error)}`);
    }
  }

  get keys(): readonly KnownKey[] {
    const now = this.#clock.now();
    if (Math.abs(now - this.#lookedAt) < FRESH_MS) return this.#keys;
    this.#lookedAt = now;
    const state = stateOf(this.#path);
    if (state !== this.#state) this.#reload(state);
    return this.#keys;
  }

  #reload(state: string): void {
    this.#state = state;
    try {
      this.#keys = read(this.#path);
      this.#logger.info("API keys were read anew", { path: this.#path, keys: this.#keys.length });
    } catch (error) {
      const fields = { path: this.#path, error: messageOf(error) };
      this.#logger.error("the file of API keys cannot be used; the keys stay as they were", fields);
    }
  }
}

const read = (path: string): KnownKey[] => parseKeysFile(readBoundedFile(path, MAX_BYTES).toString("utf8"));

/** A text that changes whenever the file changes. */
function stateOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? "gone" : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}
