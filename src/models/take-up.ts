import { existsSync } from "node:fs";
import { AppError, badRequest } from "../lib/errors.ts";
import type { Logger } from "../lib/logger.ts";
import { withoutPaths } from "../lib/without-paths.ts";
import { parseManifest, uniqueLayers } from "../store/manifest.ts";
import type { Store } from "../store/store.ts";
import type { UnlistedManifest } from "../store/tree-sync.ts";
import { installManifest, readFacts } from "./install.ts";
import { type ModelName, parseModelName, shortName } from "./name.ts";

/** The result for one manifest that the books did not have. */
export type TakenUp =
  | { status: "restored"; model: string }
  | { status: "skipped"; model: string; reason: string };

/**
 * Enters models into the books whose manifests lie beside the blobs and are not in the books: after the books were lost, or where Ollama
 * uses the same directory. One whose blobs are not all there is left as it is.
 */
export async function* takeUpModels(store: Store): AsyncGenerator<TakenUp> {
  for (const found of store.unlisted()) yield await takeUp(store, found);
}

async function takeUp(
  store: Store,
  { name: place, path, manifest, modifiedAt }: UnlistedManifest,
): Promise<TakenUp> {
  const name = parseModelName(`${place.host}/${place.namespace}/${place.model}:${place.tag}`);
  const model = name === undefined ? Object.values(place).join("/") : shortName(name);
  try {
    if (name === undefined) throw badRequest("the path is no model's name");
    // Another process may have deleted the model meanwhile.
    const guard = () => {
      if (!existsSync(path)) throw badRequest("it was deleted meanwhile");
    };
    await installManifest(store, { name, manifest, isFound: true, modifiedAt, guard });
    return { status: "restored", model };
  } catch (error) {
    return { status: "skipped", model, reason: withoutPaths(AppError.from(error).message) };
  }
}

/** As {@link takeUpModels} at the start of a server. Logs one line for all models, and one for each that was left out. */
export async function takeUpAtStart(store: Store, logger: Logger): Promise<void> {
  const restored: string[] = [];
  for await (const one of takeUpModels(store)) {
    if (one.status === "restored") restored.push(one.model);
    else logger.warn("a manifest beside the blobs is left out", { model: one.model, reason: one.reason });
  }
  const models = restored.join(" ");
  const { recovery } = store;
  if (recovery !== undefined) {
    const { reason, blobs } = recovery;
    logger.warn("the books of the models were made anew from the manifests and blobs", {
      reason,
      models,
      blobs,
    });
  } else if (restored.length > 0) logger.info("models were found beside the blobs", { models });
}

/** Reads the files of every model in the books again, and enters their facts anew. */
export async function* rereadModels(store: Store, signal: AbortSignal): AsyncGenerator<TakenUp> {
  for (const row of store.reads.names()) {
    signal.throwIfAborted();
    const name: ModelName = row;
    const model = shortName(name);
    try {
      const manifest = store.reads.manifest(row.manifestDigest);
      if (manifest === undefined) continue;
      store.enterFacts(await readFacts(uniqueLayers(parseManifest(manifest)), store.blobs.path));
    } catch (error) {
      yield { status: "skipped", model, reason: withoutPaths(AppError.from(error).message) };
    }
  }
}
