const GAP = "    ";

const padTo = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - Bun.stringWidth(text)));

/** Width of each column over all rows. */
function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, Bun.stringWidth(cell));
    });
  }
  return widths;
}

/** Rows without a header: every cell padded to its column, then four spaces. */
export function renderRows(
  rows: readonly (readonly string[])[],
  widths: readonly number[] = widthsOf(rows),
): string {
  return rows
    .map((row) => `${row.map((cell, column) => padTo(cell, widths[column] ?? 0) + GAP).join("")}\n`)
    .join("");
}

/**
 * A table as Ollama's tools and scripts expect it (docs/behaviour: cli §3): rows as {@link renderRows}; in the header the last cell is
 * followed by one space only.
 */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = widthsOf([header, ...rows]);
  const cells = header.map((cell, column) => padTo(cell, widths[column] ?? 0));
  return `${cells.join(GAP)} \n${renderRows(rows, widths)}`;
}
