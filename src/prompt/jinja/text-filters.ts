import type { Arguments, JinjaFilter } from "./arguments.ts";
import { isNothing, runtimeValue } from "./make-value.ts";
import type { JinjaValue } from "./nodes.ts";
import { formatPercent } from "./percent.ts";
import { capitalized, centered, stripped, titled } from "./python-text.ts";
import { textOf } from "./values.ts";

/** The text of any value, as Python's `str` has it; "" of an undefined one. */
const written = (value: JinjaValue): string => (isNothing(value) ? "" : textOf(value));

const ofText =
  (change: (text: string, args: Arguments) => unknown): JinjaFilter =>
  (value, args) =>
    runtimeValue(change(written(value), args));

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** Cut to a length at a word's end, with dots; a text that is hardly longer stays whole. */
function truncated(text: string, args: Arguments): string {
  const length = args.number(0, "length", 255);
  const end = args.text(2, "end", "...");
  const leeway = args.number(3, "leeway", 5);
  if (text.length <= length + leeway) return text;
  const cut = text.slice(0, Math.max(0, length - end.length));
  const word = args.flag(1, "killwords") ? -1 : cut.lastIndexOf(" ");
  return (word < 0 ? cut : cut.slice(0, word)) + end;
}

const percentEncoded = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%2F", "/");

/** Filters of texts; other values are written as texts first, as Python does. */
export const TEXT_FILTERS: Readonly<Record<string, JinjaFilter>> = {
  capitalize: ofText(capitalized),
  center: ofText((text, args) => centered(text, args.number(0, "width", 80))),
  e: ofText(escaped),
  escape: ofText(escaped),
  forceescape: ofText(escaped),
  format: (value, args) => runtimeValue(formatPercent(written(value), args)),
  lower: ofText((text) => text.toLowerCase()),
  string: ofText((text) => text),
  striptags: ofText((text) =>
    text
      .replace(/<[^<>]*>/g, "")
      .replace(/\s+/g, " ")
      .trim(),
  ),
  title: ofText(titled),
  trim: ofText((text, args) =>
    stripped(text, args.positional[0] === undefined ? undefined : args.text(0, "chars", "")),
  ),
  truncate: ofText(truncated),
  upper: ofText((text) => text.toUpperCase()),
  urlencode: ofText(percentEncoded),
  wordcount: ofText((text) => text.match(/\w+/g)?.length ?? 0),
};
