/**
 * The version of Ollama whose API and models this is. Clients compare it (VS Code's Copilot wants at least 0.6.4, Codex 0.13.4), and
 * models may ask for one (`requires`). Raised when what a later one has added is here.
 */
export const OLLAMA_VERSION = "0.40.12";

/** Does a model `require` a later version of Ollama than we follow? Text that is no version requires nothing. */
export function asksForLater(requires: string | undefined): boolean {
  const version = /^v?(\d+(?:\.\d+){0,2})/.exec(requires ?? "")?.[1];
  return version !== undefined && compared(version) > compared(OLLAMA_VERSION);
}

/** A version as a number that can be compared; each part may be up to 9,999. */
const compared = (version: string): number =>
  [0, 1, 2].reduce((sum, part) => sum * 10_000 + Number(version.split(".")[part] ?? 0), 0);
