import { badRequest } from "../lib/errors.ts";
import { decodeKeepAlive } from "../lib/keep-alive.ts";
import type { Store } from "../store/store.ts";
import type { ModelName } from "./name.ts";

/** Settings that a user has made for a model on this machine; they belong to the name, not to the model's content. */
export interface ModelSettings {
  /** As the wire field: seconds, or a Go duration. Counts where a request has none. */
  keep_alive?: number | string;
  /** Comes before the model's own PARAMETER, after a request's option. */
  num_ctx?: number;
  /** Slots of its runner; comes before OLLAMA_NUM_PARALLEL. */
  num_parallel?: number;
  /** The model stays loaded, whatever its keep-alive; requests may still unload it with 0. */
  pinned?: boolean;
}

/** Most slots that a model may be given: each has a KV cache of its own. */
const MOST_PARALLEL = 256;

/**
 * Settings with a change made: 0, "" and false take a setting back.
 *
 * @throws AppError `bad_request` for an invalid value.
 */
export function changedSettings(before: ModelSettings, change: ModelSettings): ModelSettings {
  requireWhole("num_ctx", change.num_ctx, 2 ** 31 - 1);
  requireWhole("num_parallel", change.num_parallel, MOST_PARALLEL);
  if (change.keep_alive !== undefined && change.keep_alive !== "") decodeKeepAlive(change.keep_alive);
  const all = Object.entries({ ...before, ...change });
  const isUnset = (key: string, value: unknown) =>
    value === undefined || value === "" || value === false || (value === 0 && key !== "keep_alive");
  return Object.fromEntries(all.filter(([key, value]) => !isUnset(key, value)));
}

function requireWhole(name: string, value: number | undefined, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= 0 && value <= most)) return;
  throw badRequest(`${name} must be a whole number from 0 to ${most}, not ${value}`);
}

/** Settings as they are stored; undefined where there are none. */
const renderSettings = (settings: ModelSettings): string | null =>
  Object.keys(settings).length === 0 ? null : JSON.stringify(settings);

/** Reads what {@link renderSettings} wrote. */
export const readSettings = (stored: string | null): ModelSettings =>
  stored === null ? {} : (JSON.parse(stored) as ModelSettings);

/** See {@link Catalog.configure}. */
export function configureModel(
  store: Store,
  name: ModelName,
  change: ModelSettings,
): ModelSettings | undefined {
  let settings: ModelSettings = {};
  const found = store.changeSettings(name, (before) => {
    settings = changedSettings(readSettings(before), change);
    return renderSettings(settings);
  });
  return found ? settings : undefined;
}
