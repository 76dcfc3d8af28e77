import { chownSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Users and groups without rights of their own have this number. */
const NOBODY = 65_534;

/**
 * Does something as a user to whom the modes of files apply: root may read and write everything. The folder becomes that user's.
 *
 * @param folder with all that is in it; it is the tests' own.
 */
export async function unprivileged<T>(folder: string, run: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return run();
  for (const path of [folder, ...readdirSync(folder, { recursive: true, encoding: "utf8" })])
    chownSync(path === folder ? path : join(folder, path), NOBODY, NOBODY);
  process.setegid?.(NOBODY);
  process.seteuid?.(NOBODY);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}
