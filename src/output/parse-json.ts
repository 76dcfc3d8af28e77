/** Most levels of a value, since later code walks through it recursively, to print it for example. */
const MAX_DEPTH = 100;

const isWithin = (value: unknown, levels: number): boolean =>
  typeof value !== "object" ||
  value === null ||
  (levels > 0 && Object.values(value).every((each) => isWithin(each, levels - 1)));

/** The value of a JSON text; undefined when the text is not JSON, or is nested deeper than any argument of a tool. */
export function parseJson(text: string): { value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isWithin(value, MAX_DEPTH) ? { value } : undefined;
  } catch {
    // Models write all sorts of things; text that is not JSON is an expected result, not a failure.
    return undefined;
  }
}
