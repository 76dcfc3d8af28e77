import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "./failure.ts";
import { NODE_MODULES, ROOT } from "./paths.ts";
import { sha256OfFile } from "./sha256.ts";

/** Says which bun.lock node_modules was installed from, and what of it; goes when node_modules goes. */
const STAMP = join(NODE_MODULES, ".llamero-lock");

/** `run` leaves out what only the checks need: two thirds of the bytes. */
export type InstallScope = "run" | "check";

/**
 * Installs the dependencies exactly as bun.lock names them, unless that was done already; what is there of `check` serves
 * `run`, and `check` adds what `run` left out.
 *
 * @returns whether there was anything to do.
 * @throws Failure when the install fails; bun has said why.
 */
export async function installDependencies(scope: InstallScope): Promise<boolean> {
  const lock = await sha256OfFile(join(ROOT, "bun.lock"));
  const stamp = await readFile(STAMP, "utf8").catch(() => "");
  if (stamp === `${lock} check` || stamp === `${lock} ${scope}`) return false;
  const only = scope === "run" ? ["--production"] : [];
  // On a terminal bun shows how far it is.
  const progress = process.stderr.isTTY ? [] : ["--no-progress"];
  const child = Bun.spawn([process.execPath, "install", "--frozen-lockfile", ...progress, ...only], {
    cwd: ROOT,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "inherit",
  });
  if ((await child.exited) !== 0) throw new Failure("the dependencies could not be installed");
  await writeFile(STAMP, `${lock} ${scope}`);
  return true;
}
