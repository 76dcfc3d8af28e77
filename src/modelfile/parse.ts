import {
  type Instruction,
  MESSAGE_ROLES,
  type MessageRole,
  ModelfileError,
  VALUE_INSTRUCTIONS,
  type ValueInstruction,
} from "./instruction.ts";
import { afterNewline, endOfLine, readValue } from "./value.ts";

const INVALID_COMMAND =
  'command must be one of "from", "license", "template", "system", "adapter", "draft", "renderer", "parser", "parameter", "message", or "requires"';
const INVALID_ROLE = 'message role must be one of "system", "user", or "assistant"';

const isBlank = (char: string | undefined): boolean => char === " " || char === "\t";
const isLetter = (char: string | undefined): boolean => char !== undefined && /^[A-Za-z]$/.test(char);
const isWord = (char: string | undefined): boolean => char !== undefined && /^[A-Za-z0-9_]$/.test(char);
/** Characters that may stand unseen in front of a command: a byte order mark in mid-file, zero-width spaces, control characters. */
const isInvisible = (char: string): boolean => /^[\p{Cc}\p{Cf}\p{Z}]$/u.test(char);

/**
 * Reads a Modelfile (docs/behaviour: modelfile §1.1 to §1.3). Two things differ from Ollama on purpose: `\r\n` counts as one line, and
 * several blanks may precede a parameter's name or a message's role.
 *
 * @returns the instructions in the order of the file.
 * @throws ModelfileError with Ollama's text.
 */
export function parseModelfile(text: string): Instruction[] {
  const instructions: Instruction[] = [];
  for (let at = nextCommand(text, 0); at < text.length; ) {
    const read = readInstruction(text, at);
    instructions.push(read.instruction);
    at = nextCommand(text, read.end);
  }
  if (!instructions.some((instruction) => instruction.type === "from"))
    throw new ModelfileError("no FROM line");
  return instructions;
}

/** Skips blanks, empty lines and comments. */
function nextCommand(text: string, start: number): number {
  let at = start;
  for (;;) {
    const char = text[at];
    if (char === undefined) return at;
    if (char === "#") at = endOfLine(text, at);
    else if (isInvisible(char)) at++;
    else return at;
  }
}

function readInstruction(text: string, start: number): { instruction: Instruction; end: number } {
  let at = start + 1;
  while (isLetter(text[at])) at++;
  const command = text.slice(start, at).toLowerCase();
  if (at === text.length) throw new ModelfileError("unexpected EOF");
  if (!isBlank(text[at]) || !isCommand(command)) throw errorAt(text, at, INVALID_COMMAND);
  if (command === "parameter") return readParameter(text, at);
  if (command === "message") return readMessage(text, at);
  const { value, end } = readValue(text, at);
  return { instruction: { type: command, value }, end };
}

function readParameter(text: string, start: number): { instruction: Instruction; end: number } {
  const key = readName(text, start, isWord);
  const { value, end } = readValue(text, key.end);
  return { instruction: { type: "parameter", key: key.name, value }, end };
}

function readMessage(text: string, start: number): { instruction: Instruction; end: number } {
  const role = readName(text, start, isLetter);
  if (!isRole(role.name)) throw errorAt(text, role.end, INVALID_ROLE);
  const { value, end } = readValue(text, role.end);
  return { instruction: { type: "message", role: role.name, content: value }, end };
}

/** The word after the blanks at `start`, up to the blank that must follow it. */
function readName(
  text: string,
  start: number,
  accepts: (char: string | undefined) => boolean,
): { name: string; end: number } {
  let from = start;
  while (isBlank(text[from])) from++;
  let end = from;
  while (accepts(text[end])) end++;
  if (end === text.length) throw new ModelfileError("unexpected EOF");
  const name = text.slice(from, end);
  if (!isBlank(text[end])) throw new ModelfileError(`unexpected EOF: ${name}`);
  return { name, end };
}

function isCommand(word: string): word is ValueInstruction | "parameter" | "message" {
  return word === "parameter" || word === "message" || VALUE_INSTRUCTIONS.some((name) => name === word);
}

function isRole(word: string): word is MessageRole {
  return MESSAGE_ROLES.some((role) => role === word);
}

/** The line is counted with the character at `at` included, so an error that a newline triggers names the next line. */
function errorAt(text: string, at: number, message: string): ModelfileError {
  let line = 1;
  for (let newline = endOfLine(text, 0); newline <= at && newline < text.length; line++) {
    newline = endOfLine(text, afterNewline(text, newline));
  }
  return new ModelfileError(`(line ${line}): ${message}`);
}

/**
 * Text of a Modelfile on disk: UTF-8 unless a byte order mark says UTF-16 (Windows editors write those); the mark is dropped.
 * Bytes that are not valid in the encoding become U+FFFD.
 */
export function decodeModelfile(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder("utf-8").decode(bytes);
}
