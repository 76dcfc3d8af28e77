/** JSON with a space behind every comma and colon, as Python writes it. Texts are not escaped more than JSON asks for. */
export function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}: ${spacedJson(entry)}`).join(", ")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

/** An argument of a call as bare text: a text as it is, anything else by `json`. */
export const bareText = (value: unknown, json: (value: unknown) => string = JSON.stringify): string =>
  typeof value === "string" ? value : json(value);

/** Entries in the order of their keys' code units. */
export const sortedEntries = (record: Record<string, unknown>): [string, unknown][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
