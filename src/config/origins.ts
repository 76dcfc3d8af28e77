import { BadValue } from "./bad-value.ts";
import { listEntries } from "./parsers.ts";

/** Schemes of origins that may be configured without a wildcard (docs/behaviour: scheduler-and-env §4). */
const SCHEMES = [
  "http",
  "https",
  "app",
  "file",
  "tauri",
  "vscode-webview",
  "vscode-file",
  "chrome-extension",
  "safari-extension",
  "moz-extension",
  "ms-browser-extension",
];

const known = (entry: string): boolean => SCHEMES.some((scheme) => entry.startsWith(`${scheme}://`));

function checked(entry: string): string {
  const wildcards = entry.split("*").length - 1;
  if (wildcards > 1)
    throw new BadValue(`at most one * in an origin, and ${JSON.stringify(entry)} has ${wildcards}`);
  if (wildcards === 0 && !known(entry)) {
    throw new BadValue(
      `a * or one of ${SCHEMES.join(", ")} followed by :// in the origin ${JSON.stringify(entry)}`,
    );
  }
  return entry;
}

/** Reads OLLAMA_ORIGINS, a comma-separated list. Ollama panics at start over the entries that are refused here. */
export const parseOrigins = (text: string): readonly string[] => listEntries(text).map(checked);
