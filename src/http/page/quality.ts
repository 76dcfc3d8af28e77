/** A media type, or a coding, with its parameters: the weight is one of them. */
const WEIGHT = /^q=([01](?:\.\d{0,3})?)$/i;

/**
 * How much a client wants `name` by an `Accept` or `Accept-Encoding` header that names it, 0 to 1 (RFC 9110 §12.4.2). 0 where the
 * header does not name it, and where its weight cannot be read; wildcards name nothing.
 */
export function qualityOf(header: string | null, name: string): number {
  for (const range of (header ?? "").split(",")) {
    const [named = "", ...parameters] = range.split(";").map((part) => part.trim());
    if (named.toLowerCase() !== name) continue;
    const weight = parameters.find((each) => /^q=/i.test(each));
    return weight === undefined ? 1 : Number(WEIGHT.exec(weight)?.[1] ?? 0);
  }
  return 0;
}
