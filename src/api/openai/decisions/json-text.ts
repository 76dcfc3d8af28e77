/** A text as it is, and anything else as JSON: how a model reads what clients describe in either way. */
export const jsonText = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);
