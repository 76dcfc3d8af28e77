/** A model reference in full. Each part is valid by the grammar (docs/behaviour: registry-and-store §1). */
export interface ModelName {
  readonly host: string;
  readonly namespace: string;
  readonly model: string;
  readonly tag: string;
}

export const DEFAULT_HOST = "registry.ollama.ai";
export const DEFAULT_NAMESPACE = "library";
const DEFAULT_TAG = "latest";

/** The characters that each part may have. All of them are ASCII, so that lengths in characters are lengths in bytes. */
const PARTS: { readonly [Part in keyof ModelName]: RegExp } = {
  host: /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}$/,
  namespace: /^[A-Za-z0-9_][A-Za-z0-9_-]{0,79}$/,
  model: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/,
  tag: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/,
};

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;

/** `text` around its last `separator`; the part behind is undefined when there is none. */
function cutLast(text: string, separator: string): [before: string, after: string | undefined] {
  const at = text.lastIndexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** The four parts from right to left, defaults filled in, unchecked. */
function split(text: string): ModelName {
  const hasTag = text.lastIndexOf(":") > text.lastIndexOf("/");
  const [path, tag = DEFAULT_TAG] = hasTag ? cutLast(text, ":") : [text];
  const [beforeModel, model] = cutLast(path, "/");
  if (model === undefined) return { host: DEFAULT_HOST, namespace: DEFAULT_NAMESPACE, model: path, tag };
  const [beforeNamespace, namespace] = cutLast(beforeModel, "/");
  if (namespace === undefined) return { host: DEFAULT_HOST, namespace: beforeModel, model, tag };
  return { host: beforeNamespace.replace(SCHEME, ""), namespace, model, tag };
}

/**
 * Reads `[scheme://][host/][namespace/]model[:tag]` (docs/behaviour: registry-and-store §1). A scheme is dropped: it is no part of a name.
 * `@digest` is not taken, nor is a separator with nothing on one side. Blanks are not trimmed.
 *
 * @returns the name with defaults filled in, parts spelled as given, or undefined when any part is invalid.
 */
export function parseModelName(text: string): ModelName | undefined {
  const name = split(text);
  const valid = (Object.keys(PARTS) as (keyof ModelName)[]).every((part) => PARTS[part].test(name[part]));
  return valid ? name : undefined;
}

/** `host/namespace/model:tag`. */
export const fullName = ({ host, namespace, model, tag }: ModelName): string =>
  `${host}/${namespace}/${model}:${tag}`;

const equalFold = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** As users see it: without the default host and then without the default namespace; the tag is always there. */
export function shortName(name: ModelName): string {
  if (!equalFold(name.host, DEFAULT_HOST)) return fullName(name);
  const model = `${name.model}:${name.tag}`;
  return equalFold(name.namespace, DEFAULT_NAMESPACE) ? model : `${name.namespace}/${model}`;
}

/** Whether two names mean the same model: case does not count. */
export const sameName = (a: ModelName, b: ModelName): boolean => equalFold(fullName(a), fullName(b));
