/** A place on the rows of a text: index of a row, and columns from its left. */
interface Place {
  row: number;
  column: number;
}

/** A text as rows of a terminal, and where its cursor is. */
export interface TextLayout extends Place {
  rows: string[];
}

export interface LayoutInput {
  /** In front of the first row. */
  prompt: string;
  /** In front of every other one. */
  continuation: string;
  text: string;
  /** Offset in `text`. */
  cursor: number;
  /** Width of the terminal. */
  columns: number;
  /** Shown where there is no text; the cursor stands in front of it. */
  placeholder?: string;
}

const TAB_STOP = 8;
/** A narrower terminal gets rows as if it were this wide: the prompt and one wide character have room. */
const LEAST_COLUMNS = 8;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Divides a text into rows by the width of its graphemes: at line breaks, and where the terminal's last column is reached. The
 * cursor behind a full row stands at the beginning of the next, as terminals disagree about the column behind the last.
 */
export function layoutOf(input: LayoutInput): TextLayout {
  let place: Place = { row: 0, column: 0 };
  const rows = layRows(input, (offset, at) => {
    if (offset === input.cursor) place = at;
  });
  if (input.placeholder) {
    const room = Math.max(0, input.columns - place.column - 1);
    rows[rows.length - 1] += Bun.sliceAnsi(input.placeholder, 0, room);
  }
  return { rows, ...place };
}

/** The cursor's offset once it has moved up or down by a row, in its column as far as it can; undefined where there is no such row. */
export function offsetInRow(input: LayoutInput, by: -1 | 1): number | undefined {
  const { row, column } = layoutOf(input);
  let nearest: number | undefined;
  let distance = Number.POSITIVE_INFINITY;
  layRows(input, (offset, at) => {
    const away = Math.abs(at.column - column);
    if (at.row !== row + by || away >= distance) return;
    nearest = offset;
    distance = away;
  });
  return nearest;
}

/** @param visit is told every place where a cursor may be, the last one behind the text. */
function layRows(input: LayoutInput, visit: (offset: number, place: Place) => void): string[] {
  const columns = Math.max(LEAST_COLUMNS, input.columns);
  const rows = [input.prompt];
  let column = Bun.stringWidth(input.prompt);
  const breakRow = (): void => {
    rows.push(input.continuation);
    column = Bun.stringWidth(input.continuation);
  };
  for (const { segment, index } of graphemes.segment(input.text)) {
    const shown = segment === "\t" ? " ".repeat(TAB_STOP - (column % TAB_STOP)) : segment;
    const width = segment === "\n" ? 1 : Bun.stringWidth(shown);
    if (column + width > columns) breakRow();
    visit(index, { row: rows.length - 1, column });
    if (segment === "\n") breakRow();
    else {
      rows[rows.length - 1] += shown;
      column += width;
    }
  }
  if (column >= columns) breakRow();
  visit(input.text.length, { row: rows.length - 1, column });
  return rows;
}
