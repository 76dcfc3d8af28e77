import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";

/**
 * Where tests keep what is dear to make, outside the checkout so that a fresh clone finds it again: the same directory as
 * scripts/fetch-model.ts uses. LLAMERO_CACHE moves it; default `~/.cache/llamero/models`.
 */
export function cachePath(name: string): string {
  return join(process.env.LLAMERO_CACHE || join(homedir(), ".cache/llamero/models"), name);
}

/**
 * Makes `path` once. `make` fills a sibling that is renamed when complete, so that a killed run leaves nothing half there
 * and two runs at a time do not disturb each other: the one that comes second drops its own.
 *
 * @param ready a file below `path` whose presence says that it is complete; "" for `path` itself.
 */
export async function makeOnce(
  path: string,
  ready: string,
  make: (target: string) => Promise<void>,
): Promise<string> {
  const isReady = () => Bun.file(join(path, ready)).exists();
  if (await isReady()) return path;
  await mkdir(dirname(path), { recursive: true });
  const scratch = await mkdtemp(join(dirname(path), `.${basename(path)}-`));
  try {
    const target = join(scratch, basename(path));
    await make(target);
    await rename(target, path);
  } catch (error) {
    if (!(await isReady())) throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return path;
}
