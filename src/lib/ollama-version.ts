/**
 * The version of Ollama whose API and models this is. Clients compare it (VS Code's Copilot wants at least 0.6.4, Codex 0.13.4), and
 * models may ask for one (`requires`). Raised when what a later one has added is here.
 */
export const OLLAMA_VERSION = "0.40.12";

/** Does a model that `requires` this version ask for a later one than we follow? What is no version asks for nothing. */
export function asksForLater(requires: string | undefined): boolean {
  const version = /^v?(\d+(?:\.\d+){0,2})/.exec(requires ?? "")?.[1];
  return version !== undefined && compared(version) > compared(OLLAMA_VERSION);
}

/** Comparable: each part has room for 10,000. */
const compared = (version: string): number =>
  [0, 1, 2].reduce((sum, part) => sum * 10_000 + Number(version.split(".")[part] ?? 0), 0);
