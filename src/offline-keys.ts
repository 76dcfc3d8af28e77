import { createKey } from "./access/manage-keys.ts";
import { newKeyOf, orderOf } from "./api/llamero/keys.ts";
import type { KeyRequest } from "./api/llamero/schema/keys.ts";
import type { Environment } from "./config/resolve.ts";
import { resolveConfig } from "./config/resolve.ts";
import { openStore } from "./store/store.ts";

/**
 * Makes an API key in the books of OLLAMA_MODELS, whether a server runs on them or not: a user who may write there may decide who calls.
 * A server that runs knows it at once.
 *
 * @throws AppError as POST /api/keys does.
 */
export function createKeyOffline(order: KeyRequest, env: Environment, homedir: string) {
  const { modelsDir: directory } = resolveConfig(env, { homedir });
  using store = openStore({ directory, noPrune: true });
  const now = Date.now();
  return newKeyOf(createKey(store.keys, orderOf(order), now), now);
}
