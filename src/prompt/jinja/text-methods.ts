import type { Arguments } from "./arguments.ts";
import { elementsOf, jinjaList, runtimeValue, textValue } from "./make-value.ts";
import type { JinjaValue } from "./nodes.ts";
import { capitalized, centered, padded, stripped, titled } from "./python-text.ts";
import { formatText } from "./values.ts";

type TextMethod = (self: JinjaValue, args: Arguments) => JinjaValue;

const ofText =
  (use: (text: string, args: Arguments) => unknown): TextMethod =>
  (self, args) =>
    runtimeValue(use(String(self.value), args));

const texts = (pieces: readonly string[]): JinjaValue => jinjaList(pieces.map(textValue));

/** `characters` of a strip; None and nothing are white space. */
const charactersOf = (args: Arguments): string | undefined => {
  const { value } = args.get(0, "chars") ?? { value: undefined };
  return typeof value === "string" ? value : undefined;
};

/** Does the text have characters of this kind only, and at least one? */
const only = (pattern: RegExp): TextMethod => ofText((text) => pattern.test(text));

function occurrences(text: string, part: string): number {
  if (part === "") return text.length + 1;
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count++;
  return count;
}

function found(at: number, what: string): number {
  if (at < 0) throw new Error(`${what}: substring not found`);
  return at;
}

/** The text in front of a separator, the separator, and the text behind it. @param at where the separator is; negative: nowhere. */
const parted = (text: string, separator: string, at: number, whole: [string, string, string]): JinjaValue =>
  texts(at < 0 ? whole : [text.slice(0, at), separator, text.slice(at + separator.length)]);

/** Python's `rsplit`: as many separators as are asked for, from the end. */
function splitFromEnd(text: string, separator: string, most: number): string[] {
  const pieces = text.split(separator);
  if (most < 0 || pieces.length <= most + 1) return pieces;
  const kept = pieces.length - most;
  return [pieces.slice(0, kept).join(separator), ...pieces.slice(kept)];
}

const rsplit: TextMethod = (self, args) => {
  const separator = args.get(0, "sep")?.value;
  const text = String(self.value);
  const most = args.number(1, "maxsplit", -1);
  if (typeof separator === "string") return texts(splitFromEnd(text, separator, most));
  const words = [...text.matchAll(/\S+/g)];
  const rest = most < 0 ? 0 : Math.max(0, words.length - most);
  const head = rest === 0 ? "" : text.slice(0, words[rest]?.index).trim();
  return texts([...(head === "" ? [] : [head]), ...words.slice(rest).map(([word]) => word)]);
};

/** Python's methods of texts that the package lacks, or has without arguments. */
export const TEXT_METHODS: Readonly<Record<string, TextMethod>> = {
  capitalize: ofText(capitalized),
  casefold: ofText((text) => text.toLowerCase()),
  center: ofText((text, args) => centered(text, args.number(0, "width", 0), args.text(1, "fillchar", " "))),
  count: ofText((text, args) => occurrences(text, args.text(0, "sub", ""))),
  find: ofText((text, args) => text.indexOf(args.text(0, "sub", ""), args.number(1, "start", 0))),
  format: (self, args) => runtimeValue(formatText(String(self.value), args.positional, args.named)),
  index: ofText((text, args) => found(text.indexOf(args.text(0, "sub", "")), "index")),
  isalnum: only(/^[\p{L}\p{N}]+$/u),
  isalpha: only(/^\p{L}+$/u),
  isdecimal: only(/^\p{Nd}+$/u),
  isdigit: only(/^\p{Nd}+$/u),
  islower: ofText((text) => text === text.toLowerCase() && text !== text.toUpperCase()),
  isnumeric: only(/^\p{N}+$/u),
  isspace: only(/^\s+$/),
  isupper: ofText((text) => text === text.toUpperCase() && text !== text.toLowerCase()),
  join: (self, args) =>
    runtimeValue(
      args.positional
        .flatMap(elementsOf)
        .map(({ value }) => String(value))
        .join(String(self.value)),
    ),
  ljust: ofText((text, args) =>
    padded(text, args.number(0, "width", 0), args.text(1, "fillchar", " "), false),
  ),
  lstrip: ofText((text, args) => stripped(text, charactersOf(args), { start: true, end: false })),
  partition: (self, args) => {
    const text = String(self.value);
    const separator = args.text(0, "sep", "");
    return parted(text, separator, text.indexOf(separator), [text, "", ""]);
  },
  removeprefix: ofText((text, args) => {
    const prefix = args.text(0, "prefix", "");
    return text.startsWith(prefix) ? text.slice(prefix.length) : text;
  }),
  removesuffix: ofText((text, args) => {
    const suffix = args.text(0, "suffix", "");
    return suffix !== "" && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
  }),
  rfind: ofText((text, args) => text.lastIndexOf(args.text(0, "sub", ""))),
  rindex: ofText((text, args) => found(text.lastIndexOf(args.text(0, "sub", "")), "rindex")),
  rjust: ofText((text, args) =>
    padded(text, args.number(0, "width", 0), args.text(1, "fillchar", " "), true),
  ),
  rpartition: (self, args) => {
    const text = String(self.value);
    const separator = args.text(0, "sep", "");
    return parted(text, separator, text.lastIndexOf(separator), ["", "", text]);
  },
  rsplit,
  rstrip: ofText((text, args) => stripped(text, charactersOf(args), { start: false, end: true })),
  splitlines: (self, args) => {
    const lines = String(self.value).match(/[^\n\r]*(?:\r\n|[\n\r])|[^\n\r]+$/g) ?? [];
    return texts(args.flag(0, "keepends") ? lines : lines.map((line) => line.replace(/[\n\r]+$/, "")));
  },
  strip: ofText((text, args) => stripped(text, charactersOf(args))),
  swapcase: ofText((text) =>
    text.replace(/\p{L}/gu, (letter) =>
      letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
    ),
  ),
  title: ofText(titled),
  zfill: ofText((text, args) => {
    const sign = /^[+-]/.exec(text)?.[0] ?? "";
    return sign + padded(text.slice(sign.length), args.number(0, "width", 0) - sign.length, "0", true);
  }),
};
