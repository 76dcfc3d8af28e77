const DEFAULT_HOST = "registry.ollama.ai";
const WEBSITE = "https://ollama.com";

/** Does this name, as the user wrote it, belong to Ollama's registry? Only a name of three parts names a host. */
export function isOfDefaultRegistry(model: string): boolean {
  const parts = partsOf(model);
  return parts.length < 3 || /(^|\.)ollama\.(ai|com)$/i.test(parts[0] ?? "");
}

/** Where a pushed model is found: its page at Ollama's, elsewhere its full name (docs/behaviour: cli §7). */
export function placeOf(model: string): string {
  const [name = "", namespace = "library", host = DEFAULT_HOST] = partsOf(model).toReversed();
  const tagged = name.includes(":") ? name : `${name}:latest`;
  if (!isOfDefaultRegistry(model)) return `${host}/${namespace}/${tagged}`;
  const short = tagged.replace(/:latest$/, "");
  return namespace.toLowerCase() === "library" ? `${WEBSITE}/${short}` : `${WEBSITE}/${namespace}/${short}`;
}

const partsOf = (model: string): string[] =>
  model
    .trim()
    .replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//, "")
    .split("/");
