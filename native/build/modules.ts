import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The node_modules that the engine's package is in: the nearest one above `from`. */
export function nearestModules(from: string): string {
  const modules = join(from, "node_modules");
  const parent = dirname(from);
  return parent === from || existsSync(join(modules, "node-llama-cpp")) ? modules : nearestModules(parent);
}
