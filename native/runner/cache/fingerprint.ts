import { createHash } from "node:crypto";

/** Rises when what is saved changes its meaning without a new build of llama.cpp. */
const FORMAT = 1;

/**
 * Names all that must be equal for a saved state to mean what it meant.
 * @param build the engine's library, whose name has its kind and version.
 * @param key whatever else of a load changes a state's meaning.
 */
export const fingerprint = (build: string, key: string): string =>
  createHash("sha256")
    .update(JSON.stringify([FORMAT, build, key]))
    .digest("hex");
