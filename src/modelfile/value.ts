import { ModelfileError } from "./instruction.ts";

/** A value and where the text after it begins (behind the newline that ended it). */
export interface ReadValue {
  value: string;
  end: number;
}

const HEREDOC = /^<<([A-Za-z][A-Za-z0-9_]*)$/;

/**
 * The value that starts at `start` (docs/behaviour: modelfile §1.2): bare to the end of the line, `"…"`, `"""…"""`, or, as an
 * extension, `<<WORD` with the text up to a line that consists of WORD.
 *
 * Unlike Ollama, which drops every rune that Go calls non-printable, the text is kept as it is: joiners inside emoji and
 * no-break spaces are content.
 *
 * @throws ModelfileError `unexpected EOF` when a quote is never closed.
 */
export function readValue(text: string, start: number): ReadValue {
  for (let from = start; ; ) {
    const lineEnd = endOfLine(text, from);
    const raw = text.slice(start, lineEnd).trim();
    const value = unquote(raw);
    if (value !== undefined) {
      const heredoc = from === start ? readHeredoc(text, raw, lineEnd) : undefined;
      return heredoc ?? { value, end: afterNewline(text, lineEnd) };
    }
    if (lineEnd === text.length) throw new ModelfileError("unexpected EOF");
    from = afterNewline(text, lineEnd);
  }
}

/**
 * A value as it is written in a Modelfile, so that {@link readValue} gives it back unchanged.
 *
 * Bare where possible; quoted when it spans lines or has blanks at an end, with `"""` when it contains `"` (docs/behaviour: modelfile
 * §1.4). Ollama reads all of these the same way, except for one kind of text that its grammar has no form for: a line, not
 * the last one, that ends in `"""`. Only that gets the `<<WORD` form.
 */
export function printValue(value: string): string {
  const quotes = value.includes('"') ? ['"""', '"'] : ['"', '"""'];
  const candidates = [value, ...quotes.map((quote) => `${quote}${value}${quote}`)];
  // A bare `<<WORD` would swallow what follows it in the file, if that has a line of WORD.
  if (value === "" || /[\r\n]/.test(value) || HEREDOC.test(value)) candidates.shift();
  return candidates.find((candidate) => readsBackAs(candidate, value)) ?? printHeredoc(value);
}

function readsBackAs(candidate: string, value: string): boolean {
  try {
    const read = readValue(`${candidate}\n`, 0);
    return read.value === value && read.end === candidate.length + 1;
  } catch {
    return false;
  }
}

/** The text inside the quotes; the text itself when it does not start with one; undefined while a quote is still open. */
function unquote(text: string): string | undefined {
  const quote = text.startsWith('"""') ? '"""' : text.startsWith('"') ? '"' : "";
  if (quote === "") return text;
  const closed = text.length >= 2 * quote.length && text.endsWith(quote);
  return closed ? text.slice(quote.length, -quote.length) : undefined;
}

/** Undefined when `opening` is no `<<WORD`, or when no line says WORD: then it is an ordinary bare value, as Ollama reads it. */
function readHeredoc(text: string, opening: string, lineEnd: number): ReadValue | undefined {
  const word = HEREDOC.exec(opening)?.[1];
  if (word === undefined) return undefined;
  const bodyStart = afterNewline(text, lineEnd);
  const newline = text.slice(lineEnd, bodyStart);
  if (newline === "") return undefined;
  for (let at = lineEnd; ; at += newline.length) {
    at = text.indexOf(`${newline}${word}`, at);
    if (at < 0) return undefined;
    const end = at + newline.length + word.length;
    if (endOfLine(text, end) !== end) continue;
    return { value: text.slice(bodyStart, Math.max(at, bodyStart)), end: afterNewline(text, end) };
  }
}

function printHeredoc(value: string): string {
  let word = "END";
  for (let n = 1; value.includes(word); n++) word = `END${n}`;
  return `<<${word}\n${value}\n${word}`;
}

/** Index of the first `\r` or `\n` at or after `from`, or the text's length. */
export function endOfLine(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === "\n" || char === "\r") return at;
  }
  return text.length;
}

/** The index behind the newline at `at`; `\r\n` is one newline. */
export function afterNewline(text: string, at: number): number {
  if (at >= text.length) return text.length;
  return text[at] === "\r" && text[at + 1] === "\n" ? at + 2 : at + 1;
}
