import { join, resolve } from "node:path";
import { formatDuration, type KeepAlive } from "../lib/duration.ts";
import { AppError } from "../lib/errors.ts";
import { keepAliveOfSeconds, keepAliveOfText } from "../lib/keep-alive.ts";
import type { LogLevel } from "../lib/logger.ts";
import { BadValue } from "./bad-value.ts";

/** Facts of the machine that configuration needs; passed in so that resolving is free of effects. */
export interface System {
  /** Absolute path of the user's home directory. */
  readonly homedir: string;
}

const BOOLEANS = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((text) => [text, true] as const),
  ...["0", "f", "F", "FALSE", "false", "False"].map((text) => [text, false] as const),
]);

/** Go's spellings, for a message. */
const BOOLEAN_TEXTS = "1, t, T, TRUE, true, True, 0, f, F, FALSE, false or False";

/** Go's spellings of a boolean. Ollama takes anything else for true, so that `OLLAMA_NOPRUNE=no` turns pruning off. */
export const parseBoolean = (text: string): boolean => booleanOr(text, "");

/** @param others further valid texts for the message, before the booleans. */
function booleanOr(text: string, others: string): boolean {
  const value = BOOLEANS.get(text);
  if (value === undefined) throw new BadValue(`${others}${BOOLEAN_TEXTS}`);
  return value;
}

/** Of OLLAMA_FLASH_ATTENTION. */
export function parseFlashAttention(text: string): "auto" | "on" | "off" {
  if (text.toLowerCase() === "auto") return "auto";
  return booleanOr(text, "auto, ") ? "on" : "off";
}

/** `auto`, or a boolean. */
export const parseAutoBoolean = (text: string): "auto" | boolean =>
  text.toLowerCase() === "auto" ? "auto" : booleanOr(text, "auto, ");

/** Of an octal mode of a file, such as 0660. */
export function parseMode(text: string): number {
  if (!/^0?[0-7]{3}$/.test(text)) throw new BadValue("permissions in octal digits, such as 0600 or 0660");
  return Number.parseInt(text, 8);
}

/** The inverse of {@link parseMode}. */
export const printMode = (mode: number): string => `0${mode.toString(8).padStart(3, "0")}`;

/** The entries of a list that is separated by commas, without blanks around them. */
export const listEntries = (text: string): string[] =>
  text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");

/** A file as an absolute path, "" for none; `~` as in {@link parseDirectory}. */
export const parseFile = (text: string, system: System): string =>
  text === "" ? "" : parseDirectory(text, system);

/** A parser of whole numbers from 0 to `most`. */
export function wholeNumber(most: number): (text: string) => number {
  const expected = most === Number.MAX_SAFE_INTEGER ? "a whole number" : `a whole number from 0 to ${most}`;
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isNaN(value) || value > most) throw new BadValue(expected);
    return value;
  };
}

/** A parser of one of some words, in any case. */
export function wordParser<const Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate === text.toLowerCase());
    if (word === undefined) throw new BadValue(`one of ${words.join(", ")}`);
    return word;
  };
}

/** A Go duration or whole seconds, in milliseconds; negative is `Infinity`. */
export function parseSpan(text: string): KeepAlive {
  if (/^[+-]?\d+$/.test(text)) return keepAliveOfSeconds(Number(text));
  try {
    return keepAliveOfText(text);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new BadValue('a duration such as "10m" or "1h30m", or whole seconds; negative for no limit');
  }
}

/** The inverse of {@link parseSpan}. */
export const printSpan = (milliseconds: number): string =>
  Number.isFinite(milliseconds) ? formatDuration(Math.round(milliseconds * 1e6)) : "-1";

const SIZE_UNITS = ["", "K", "M", "G", "T"];
/** `4GiB`, `512M`, `1.5 gb`, `1048576`: letters in any case, and a unit is a power of 1024 however it is spelt. */
const SIZE = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i;

/** A number of bytes. @param others further valid texts, for the message. */
export function parseSize(text: string, others = ""): number {
  const [, digits = "", unit = ""] = SIZE.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(digits) * 1024 ** SIZE_UNITS.indexOf(unit.toUpperCase()));
  if (digits === "" || !Number.isSafeInteger(bytes)) {
    throw new BadValue(`${others}a number of bytes such as 4GiB, 512MiB or 0`);
  }
  return bytes;
}

/** The inverse of {@link parseSize}, in the largest unit that divides it. */
export function printSize(bytes: number): string {
  const power = bytes === 0 ? 0 : SIZE_UNITS.findLastIndex((_, at) => bytes % 1024 ** at === 0);
  return power === 0 ? String(bytes) : `${bytes / 1024 ** power}${SIZE_UNITS[power]}iB`;
}

/** A directory as an absolute path; a leading `~` is the home directory, for places where no shell expands it. */
export function parseDirectory(text: string, { homedir }: System): string {
  if (text === "~" || text.startsWith("~/")) return join(homedir, text.slice(1));
  return resolve(text);
}

const LEVELS: Record<string, LogLevel> = {
  "-2": "error",
  "-1": "warn",
  "0": "info",
  "1": "debug",
  "2": "trace",
};

/** Ollama's numbers for log levels: a boolean turns debug on, 2 is trace, negative numbers raise the threshold. */
export function parseLogLevel(text: string): LogLevel {
  const level = LEVELS[text];
  if (level !== undefined) return level;
  const on = BOOLEANS.get(text);
  if (on === undefined) throw new BadValue("a boolean, or a number from -2 (errors only) to 2 (trace)");
  return on ? "debug" : "info";
}

/** The inverse of {@link parseLogLevel}. */
export const printLogLevel = (level: LogLevel): string =>
  Object.keys(LEVELS).find((number) => LEVELS[number] === level) ?? "0";

/** Base URL of a collector, without a slash at its end; "" for none. */
export function parseCollector(text: string): string {
  if (text === "") return "";
  const { protocol = "" } = URL.canParse(text) ? new URL(text) : {};
  if (!/^https?:$/.test(protocol)) throw new BadValue("a URL such as http://127.0.0.1:4318");
  return text.replace(/\/+$/, "");
}

const REDIS_SCHEMES = ["redis:", "rediss:", "redis+unix:", "valkey:", "valkeys:"];

/** Of OLLAMA_REDIS_URL; "" for none. */
export function parseRedisUrl(text: string): string {
  if (text === "" || (URL.canParse(text) && REDIS_SCHEMES.includes(new URL(text).protocol))) return text;
  throw new BadValue("a URL such as redis://[user:password@]host:6379[/database], or rediss:// for TLS");
}
