/** Columns that an abbreviated array may take before its `...`. */
const ARRAY_COLUMNS = 10;

/**
 * One value of a GGUF header as `show --verbose` prints it: arrays in Go's notation, cut to about ten columns as in
 * `[1 2 3 ...+98 more]`; null as `<nil>`. Numbers keep all their digits, where Ollama switches to exponents at a million.
 */
export function metadataText(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return arrayText(value.map(String));
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function arrayText(items: readonly string[]): string {
  let shown = 0;
  for (let columns = 1; shown < items.length; shown++) {
    columns += Bun.stringWidth(items[shown] ?? "") + (shown === 0 ? 0 : 2);
    if (columns > ARRAY_COLUMNS && shown > 0) break;
  }
  const head = items.slice(0, shown).join(" ");
  return shown < items.length ? `[${head} ...+${items.length - shown} more]` : `[${head}]`;
}
