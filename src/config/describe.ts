import type { Config } from "./config.ts";
import { type Setting, VARIABLES } from "./variables.ts";

function pair<Key extends Setting>(key: Key, config: Config): [string, string] {
  const variable = VARIABLES[key];
  return [variable.name, variable.print?.(config[key]) ?? String(config[key])];
}

/** Variable names and the values in force, in the documented order, for the start-up log. Each value parses to itself. */
export function describeConfig(config: Config): [name: string, value: string][] {
  return (Object.keys(VARIABLES) as Setting[]).map((key) => pair(key, config));
}
