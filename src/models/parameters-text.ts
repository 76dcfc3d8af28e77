import type { ModelParameters } from "./parameters.ts";

/** One PARAMETER with one value; a list is several of them. */
export interface ParameterLine {
  key: string;
  value: unknown;
}

/** Parameters in the order of their keys, lists spread out: Ollama prints them in random order. */
export function parameterLines(parameters: ModelParameters): ParameterLine[] {
  return Object.keys(parameters)
    .sort()
    .flatMap((key) => {
      const value = parameters[key];
      return Array.isArray(value) ? value.map((item) => ({ key, value: item })) : [{ key, value }];
    });
}

/**
 * `parameters` of `/api/show` (docs/behaviour: registry-and-store §9): the key in 30 columns, a blank, the value; strings quoted and escaped.
 * Numbers print as they were written; Go's `1e+06` for a million is not copied.
 */
export function renderParameterText(parameters: ModelParameters): string {
  return parameterLines(parameters)
    .map(({ key, value }) => `${key.padEnd(30)} ${literal(value)}`)
    .join("\n");
}

function literal(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
