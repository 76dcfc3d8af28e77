/** One input of a terminal: text that was typed, text that was pasted, or a key by its name, e.g. `left`, `ctrl-a`, `alt-b`. */
export type Key = { text: string; pasted: boolean } | { name: string };

const PASTE_BEGIN = "\x1b[200~";
const PASTE_END = "\x1b[201~";

/** Final letters of CSI and SS3 sequences (ECMA-48, xterm). */
const LETTERS: Record<string, string> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  Z: "shift-tab",
};
/** Numbers of sequences that end in `~` (VT220, rxvt). */
const NUMBERS: Record<string, string> = { 1: "home", 3: "delete", 4: "end", 7: "home", 8: "end" };
/** xterm's second parameter: 1 and a bit for each of shift, alt, ctrl. */
const MODIFIERS: Record<string, string> = { 2: "shift-", 3: "alt-", 5: "ctrl-", 7: "ctrl-" };

/** Control characters that are keys of their own; the others are `ctrl-` and a letter. */
const CONTROLS: Record<string, string> = {
  "\r": "enter",
  "\t": "tab",
  "\x7f": "backspace",
  "\b": "backspace",
  "\x1c": "ctrl-backslash",
};

interface Match {
  length: number;
  /** Undefined: a sequence that is no key of ours. */
  key: Key | undefined;
}

/**
 * Takes a terminal's input apart. A sequence may be cut anywhere; its beginning is kept until the rest comes.
 */
export class KeyParser {
  #rest = "";

  push(chunk: string): Key[] {
    this.#rest += chunk;
    const keys: Key[] = [];
    for (;;) {
      const match = next(this.#rest);
      if (match === undefined) return keys;
      this.#rest = this.#rest.slice(match.length);
      if (match.key !== undefined) keys.push(match.key);
    }
  }

  /** Is there a lone Escape, of which more may come? Pasted text that has not ended is none. */
  get waits(): boolean {
    return this.#rest !== "" && !this.#rest.startsWith(PASTE_BEGIN);
  }

  /** Nothing more came: a lone Escape is a key, and what was cut off is forgotten. */
  giveUp(): Key[] {
    const isEscape = this.#rest === "\x1b";
    if (this.waits) this.#rest = "";
    return isEscape ? [{ name: "escape" }] : [];
  }
}

/** @returns undefined where there is nothing, or the beginning of something. */
function next(input: string): Match | undefined {
  if (input === "") return undefined;
  if (input.startsWith(PASTE_BEGIN)) return pasted(input);
  if (input.startsWith("\x1b")) return escaped(input);
  const control = /^[\x00-\x1f\x7f]/.exec(input)?.[0];
  if (control !== undefined) return { length: 1, key: { name: controlName(control) } };
  const [text = ""] = /^[^\x00-\x1f\x7f]+/.exec(input) ?? [];
  return { length: text.length, key: { text, pasted: false } };
}

function pasted(input: string): Match | undefined {
  const end = input.indexOf(PASTE_END);
  if (end < 0) return undefined;
  const text = cleanPaste(input.slice(PASTE_BEGIN.length, end));
  return { length: end + PASTE_END.length, key: { text, pasted: true } };
}

/** Line ends as `\n`, and no control characters, which a terminal would obey. */
const cleanPaste = (text: string): string =>
  text.replace(/\r\n?/g, "\n").replace(/[\x00-\x08\x0b-\x1f\x7f]/g, "");

function escaped(input: string): Match | undefined {
  const csi = /^\x1b\[([0-9;]*)([A-Za-z~])/.exec(input);
  if (csi !== null) return { length: csi[0].length, key: csiKey(csi[1] ?? "", csi[2] ?? "") };
  const ss3 = /^\x1bO([A-Za-z])/.exec(input);
  if (ss3 !== null) return { length: 3, key: named(LETTERS[ss3[1] ?? ""]) };
  if (/^\x1b(\[[0-9;]*|O)?$/.test(input)) return undefined;
  const [, char = ""] = /^\x1b([\s\S])/u.exec(input) ?? [];
  // An unknown sequence: its Escape goes, and the rest is looked at anew.
  if (char === "[" || char === "O" || char === "\x1b") return { length: 1, key: undefined };
  const name = /[\x00-\x1f\x7f]/.test(char) ? controlName(char) : char.toLowerCase();
  return { length: 1 + char.length, key: { name: `alt-${name}` } };
}

function csiKey(parameters: string, letter: string): Key | undefined {
  const [number = "", modifier = ""] = parameters.split(";");
  const base = letter === "~" ? NUMBERS[number] : LETTERS[letter];
  return base === undefined ? undefined : { name: `${MODIFIERS[modifier] ?? ""}${base}` };
}

const named = (name: string | undefined): Key | undefined => (name === undefined ? undefined : { name });

const controlName = (control: string): string =>
  CONTROLS[control] ?? `ctrl-${String.fromCharCode(control.charCodeAt(0) + 96)}`;
