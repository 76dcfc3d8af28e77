import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "./failure.ts";
import { NODE_MODULES, ROOT } from "./paths.ts";
import { sha256OfFile } from "./sha256.ts";

/** Says which bun.lock node_modules was installed from; goes when node_modules goes. */
const STAMP = join(NODE_MODULES, ".llamero-lock");

/**
 * Installs the dependencies exactly as bun.lock names them, unless that was done already.
 *
 * @returns whether there was anything to do.
 * @throws Failure when the install fails; bun has said why.
 */
export async function installDependencies(): Promise<boolean> {
  const lock = await sha256OfFile(join(ROOT, "bun.lock"));
  if ((await readFile(STAMP, "utf8").catch(() => "")) === lock) return false;
  const child = Bun.spawn([process.execPath, "install", "--frozen-lockfile", "--no-progress"], {
    cwd: ROOT,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "inherit",
  });
  if ((await child.exited) !== 0) throw new Failure("the dependencies could not be installed");
  await writeFile(STAMP, lock);
  return true;
}
