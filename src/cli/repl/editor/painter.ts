import type { TextLayout } from "./layout.ts";

/** Where a picture goes. */
export interface Canvas {
  columns(): number;
  rows(): number;
  write(text: string): void;
}

/** The painted rows: their widths, and the cursor's place among them. */
interface Painted {
  widths: number[];
  row: number;
  column: number;
  columns: number;
}

/**
 * Keeps the picture of a text on the lower part of a terminal, from the row where it began. A text taller than the terminal
 * shows the rows around its cursor.
 */
export class Painter {
  readonly #canvas: Canvas;
  #painted: Painted | undefined;

  constructor(canvas: Canvas) {
    this.#canvas = canvas;
  }

  /** Puts the layout in place of the one before. */
  paint(layout: TextLayout): void {
    const { rows, row, column } = visible(layout, this.#canvas.rows());
    const up = rows.length - 1 - row;
    const moveBack = (up > 0 ? `\x1b[${up}A` : "") + (column > 0 ? `\r\x1b[${column}C` : "\r");
    this.#canvas.write(`\x1b[?25l${this.#home()}\x1b[J${rows.join("\r\n")}${moveBack}\x1b[?25h`);
    const widths = rows.map((text) => Bun.stringWidth(text));
    this.#painted = { widths, row, column, columns: this.#canvas.columns() };
  }

  /** Leaves the picture where it is: what is written next begins below it. */
  leave(): void {
    if (this.#painted === undefined) return;
    const down = this.#painted.widths.length - 1 - this.#painted.row;
    this.#canvas.write(`${down > 0 ? `\x1b[${down}B` : ""}\r\n`);
    this.#painted = undefined;
  }

  /** Forgets all that was painted, as after the screen was cleared. */
  forget(): void {
    this.#painted = undefined;
  }

  /** To the beginning of the picture. A terminal that became narrower has broken its rows in several. */
  #home(): string {
    if (this.#painted === undefined) return "\r";
    const { widths, row, column, columns } = this.#painted;
    const now = this.#canvas.columns();
    const height = (width: number): number => (now < columns ? Math.max(1, Math.ceil(width / now)) : 1);
    const above = widths.slice(0, row).reduce((sum, width) => sum + height(width), 0);
    const up = above + (now < columns ? Math.floor(column / now) : 0);
    return up > 0 ? `\r\x1b[${up}A` : "\r";
  }
}

function visible(layout: TextLayout, height: number): TextLayout {
  const { rows, row, column } = layout;
  if (rows.length <= height) return layout;
  const first = Math.min(Math.max(0, row - Math.floor(height / 2)), rows.length - height);
  return { rows: rows.slice(first, first + height), row: row - first, column };
}
