import type { Store } from "../store/store.ts";
import type { ModelName } from "./name.ts";
import { changedSettings, type ModelSettings, readSettings, renderSettings } from "./settings.ts";

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
