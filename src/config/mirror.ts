import { BadValue } from "./bad-value.ts";
import { listEntries } from "./parsers.ts";

/** A registry's address where blobs and manifests of another one are kept; see OLLAMA_REGISTRY_MIRROR. */
export interface RegistryMirror {
  /** Host of the registry that it stands for. */
  readonly of: string;
  /** `http://mirror:5000`, without a slash at its end. */
  readonly url: string;
}

const DEFAULT_REGISTRY = "registry.ollama.ai";
const ENTRY = /^(?:([A-Za-z0-9_.-]+(?::\d{1,5})?)=)?(https?:\/\/[^/?#@\s]+)\/?$/;

/** Entries `URL` or `registry=URL`, separated by commas. */
export const parseMirrors = (text: string): RegistryMirror[] => listEntries(text).map(mirrorOf);

function mirrorOf(entry: string): RegistryMirror {
  const [, of = DEFAULT_REGISTRY, url] = ENTRY.exec(entry) ?? [];
  if (url === undefined || !URL.canParse(url)) {
    throw new BadValue("URLs such as http://mirror:5000, or registry=URL, separated by commas");
  }
  return { of: of.toLowerCase(), url };
}

export const printMirrors = (mirrors: readonly RegistryMirror[]): string =>
  mirrors.map(({ of, url }) => (of === DEFAULT_REGISTRY ? url : `${of}=${url}`)).join(",");
