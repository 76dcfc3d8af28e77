import { type CodePoints, charactersOf, complement, single, union } from "../code-points.ts";
import { PatternError, type PatternReader } from "./reader.ts";

const DIGIT: CodePoints = [[0x30, 0x39]];
const WORD = union([DIGIT, [[0x41, 0x5a]], [[0x61, 0x7a]], charactersOf("_")]);

/** White space and line ends of ECMA-262, which is what JSON Schema's patterns follow. */
const SPACE = union([
  [[0x09, 0x0d]],
  charactersOf(" \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"),
  [[0x2000, 0x200a]],
]);

const CLASSES: Record<string, CodePoints> = {
  d: DIGIT,
  D: complement(DIGIT),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
};

const CONTROLS: Record<string, number> = { t: 0x09, n: 0x0a, v: 0x0b, f: 0x0c, r: 0x0d };

/** What a dot matches: all but the line ends. */
export const DOT = complement(charactersOf("\n\r\u2028\u2029"));

/** What follows a backslash that has been read, inside or outside a class: one character or a class of them. */
export function readEscape(reader: PatternReader): CodePoints {
  const letter = reader.next();
  const known = CLASSES[letter];
  if (known !== undefined) return known;
  const control = CONTROLS[letter];
  if (control !== undefined) return single(control);
  if (letter === "0" && !/[0-9]/.test(reader.peek() ?? "")) return single(0);
  if (letter === "x") return single(readHex(reader, 2));
  if (letter === "u") return single(readUnicode(reader));
  if (letter === "c") return single(readControl(reader));
  if (letter === "p" || letter === "P") throw new PatternError(`Unicode property \\${letter}`);
  if (letter === "b" || letter === "B") throw new PatternError(`word boundary \\${letter}`);
  if (letter === "k" || /[1-9]/.test(letter)) throw new PatternError(`back reference \\${letter}`);
  if (/[A-Za-z0-9]/.test(letter)) throw new PatternError(`escape \\${letter}`);
  return charactersOf(letter);
}

function readControl(reader: PatternReader): number {
  const letter = reader.next();
  if (!/[A-Za-z]/.test(letter)) throw new PatternError("escape \\c without a letter");
  return (letter.codePointAt(0) ?? 0) % 32;
}

function readUnicode(reader: PatternReader): number {
  if (reader.take("{")) {
    const code = Number.parseInt(reader.run(/[0-9A-Fa-f]/), 16);
    if (!reader.take("}") || !(code <= 0x10ffff)) throw new PatternError("escape \\u{…}");
    return scalar(code);
  }
  const high = readHex(reader, 4);
  if (high < 0xd800 || high > 0xdbff || !reader.take("\\u")) return scalar(high);
  const low = readHex(reader, 4);
  if (low < 0xdc00 || low > 0xdfff) throw new PatternError("lone surrogate");
  return 0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00);
}

function scalar(code: number): number {
  if (code >= 0xd800 && code <= 0xdfff) throw new PatternError("lone surrogate");
  return code;
}

function readHex(reader: PatternReader, length: number): number {
  const digits = reader.run(/[0-9A-Fa-f]/, length);
  if (digits.length < length) throw new PatternError(`escape with fewer than ${length} hexadecimal digits`);
  return Number.parseInt(digits, 16);
}
