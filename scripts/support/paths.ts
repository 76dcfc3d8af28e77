import { join } from "node:path";

/** The repository. */
export const ROOT = join(import.meta.dir, "../..");
export const NODE_MODULES = join(ROOT, "node_modules");
