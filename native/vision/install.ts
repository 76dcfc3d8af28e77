import { ensureLibrary } from "./build.ts";
import { fetchCompiler, findCompiler } from "./compiler.ts";
import { isBuilt } from "./library.ts";

/**
 * Builds libmtmd ahead of the first model that wants it, and fetches a compiler where there is none.
 *
 * @param cache llamero's folder for its builds.
 * @param say called with a line for each step that is done.
 * @throws AppError `unsupported` with the reason why it cannot be built.
 */
export async function installVision(cache: string, say: (line: string) => void): Promise<void> {
  if (isBuilt(cache)) return say("vision is in place");
  const compiler = findCompiler(cache) ?? (await fetchCompiler(cache, say));
  await ensureLibrary({ cache, say, compiler });
}
