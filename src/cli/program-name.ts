import { basename, relative } from "node:path";
import type { Environment } from "../config/resolve.ts";

/**
 * The command by which the user calls this program, for hints that can be typed again: `llamero` by its link or launcher, else Bun and
 * the path of the script.
 *
 * @param script as the process got it.
 */
export function programName(env: Environment, script: string, directory: string): string {
  if (env.LLAMERO_COMMAND) return env.LLAMERO_COMMAND;
  if (!basename(script).endsWith(".ts")) return "llamero";
  const path = relative(directory, script);
  return `bun ${path.startsWith("..") ? script : path}`;
}
