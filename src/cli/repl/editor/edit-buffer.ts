/** A text and the place in it where the next character goes: an offset in UTF-16 units, always between two graphemes. */
export interface EditBuffer {
  readonly text: string;
  readonly cursor: number;
}

export const EMPTY: EditBuffer = { text: "", cursor: 0 };

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** No grapheme that people type is longer, in UTF-16 units. */
const LONGEST_GRAPHEME = 64;

export const bufferOf = (text: string): EditBuffer => ({ text, cursor: text.length });

export function insert({ text, cursor }: EditBuffer, added: string): EditBuffer {
  return { text: text.slice(0, cursor) + added + text.slice(cursor), cursor: cursor + added.length };
}

export const left = (buffer: EditBuffer): EditBuffer => moved(buffer, before(buffer));
export const right = (buffer: EditBuffer): EditBuffer => moved(buffer, after(buffer));
export const wordLeft = (buffer: EditBuffer): EditBuffer => moved(buffer, wordStart(buffer));
export const wordRight = (buffer: EditBuffer): EditBuffer => moved(buffer, wordEnd(buffer));
export const lineStart = (buffer: EditBuffer): EditBuffer => moved(buffer, startOfLine(buffer));
export const lineEnd = (buffer: EditBuffer): EditBuffer => moved(buffer, endOfLine(buffer));

/** The rest of a text, and the part that was cut out. */
export interface Cut {
  buffer: EditBuffer;
  removed: string;
}

export const backspace = (buffer: EditBuffer): Cut => cut(buffer, before(buffer), buffer.cursor);
export const deleteForward = (buffer: EditBuffer): Cut => cut(buffer, buffer.cursor, after(buffer));
export const deleteWordLeft = (buffer: EditBuffer): Cut => cut(buffer, wordStart(buffer), buffer.cursor);
export const deleteWordRight = (buffer: EditBuffer): Cut => cut(buffer, buffer.cursor, wordEnd(buffer));
export const deleteToLineStart = (buffer: EditBuffer): Cut => cut(buffer, startOfLine(buffer), buffer.cursor);

/** At the end of a line its line break goes, as in Emacs and readline. */
export function deleteToLineEnd(buffer: EditBuffer): Cut {
  const end = endOfLine(buffer);
  return cut(buffer, buffer.cursor, end === buffer.cursor ? after(buffer) : end);
}

const moved = ({ text }: EditBuffer, cursor: number): EditBuffer => ({ text, cursor });

function cut({ text }: EditBuffer, from: number, to: number): Cut {
  return {
    buffer: { text: text.slice(0, from) + text.slice(to), cursor: from },
    removed: text.slice(from, to),
  };
}

function before({ text, cursor }: EditBuffer): number {
  const near = [...graphemes.segment(text.slice(Math.max(0, cursor - LONGEST_GRAPHEME), cursor))];
  return cursor - (near.at(-1)?.segment.length ?? 0);
}

function after({ text, cursor }: EditBuffer): number {
  const [next] = graphemes.segment(text.slice(cursor, cursor + LONGEST_GRAPHEME));
  return cursor + (next?.segment.length ?? 0);
}

const startOfLine = ({ text, cursor }: EditBuffer): number => text.lastIndexOf("\n", cursor - 1) + 1;

function endOfLine({ text, cursor }: EditBuffer): number {
  const end = text.indexOf("\n", cursor);
  return end < 0 ? text.length : end;
}

const wordStart = ({ text, cursor }: EditBuffer): number =>
  text.slice(0, cursor).replace(/\S*\s*$/u, "").length;

const wordEnd = ({ text, cursor }: EditBuffer): number =>
  text.length - text.slice(cursor).replace(/^\s*\S*/u, "").length;
