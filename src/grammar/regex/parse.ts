import { charactersOf } from "../code-points.ts";
import { MAX_GROUP_DEPTH } from "../limits.ts";
import { type Regex, regexChoice, regexSequence, regexSet } from "./ast.ts";
import { readClass } from "./class.ts";
import { DOT, readEscape } from "./escapes.ts";
import { PatternError, PatternReader } from "./reader.ts";

/**
 * Reads an ECMA-262 pattern: literals, classes, groups, alternation, quantifiers (lazy ones match the same texts), anchors.
 * @throws PatternError for lookaround, back references, Unicode properties, word boundaries, flags and syntax errors.
 */
export function parsePattern(pattern: string): Regex {
  const reader = new PatternReader(pattern);
  const regex = readChoice(reader, 0);
  if (!reader.done) throw new PatternError("unmatched )");
  return regex;
}

function readChoice(reader: PatternReader, depth: number): Regex {
  if (depth > MAX_GROUP_DEPTH) throw new PatternError(`groups nested deeper than ${MAX_GROUP_DEPTH}`);
  const options = [readSequence(reader, depth)];
  while (reader.take("|")) options.push(readSequence(reader, depth));
  return options.length === 1 ? options[0]! : regexChoice(options);
}

function readSequence(reader: PatternReader, depth: number): Regex {
  const items: Regex[] = [];
  while (!reader.done && !reader.sees("|") && !reader.sees(")")) {
    const item = readItem(reader, depth);
    const times = readQuantifier(reader);
    if (times !== undefined && item.kind === "anchor") throw new PatternError("quantifier after an anchor");
    items.push(times === undefined ? item : { kind: "repeat", item, ...times });
  }
  return regexSequence(items);
}

function readItem(reader: PatternReader, depth: number): Regex {
  const character = reader.next();
  if (character === "^") return { kind: "anchor", at: "start" };
  if (character === "$") return { kind: "anchor", at: "end" };
  if (character === ".") return regexSet(DOT);
  if (character === "[") return regexSet(readClass(reader));
  if (character === "(") return readGroup(reader, depth);
  if (character === "\\") return regexSet(readEscape(reader));
  if ("*+?".includes(character)) throw new PatternError(`nothing to repeat before ${character}`);
  return regexSet(charactersOf(character));
}

function readGroup(reader: PatternReader, depth: number): Regex {
  if (reader.take("?")) readGroupKind(reader);
  const inner = readChoice(reader, depth + 1);
  if (!reader.take(")")) throw new PatternError("unterminated group");
  return inner;
}

function readGroupKind(reader: PatternReader): void {
  if (reader.take(":")) return;
  if (reader.sees("=") || reader.sees("!")) throw new PatternError("lookahead");
  if (reader.sees("<=") || reader.sees("<!")) throw new PatternError("lookbehind");
  if (!reader.take("<") || reader.run(/[\w$]/) === "" || !reader.take(">"))
    throw new PatternError("group kind (?…");
}

function readQuantifier(reader: PatternReader): { min: number; max: number } | undefined {
  const times = readTimes(reader);
  if (times !== undefined) reader.take("?");
  if (readTimes(reader) !== undefined) throw new PatternError("two quantifiers in a row");
  return times;
}

function readTimes(reader: PatternReader): { min: number; max: number } | undefined {
  if (reader.take("*")) return { min: 0, max: Number.POSITIVE_INFINITY };
  if (reader.take("+")) return { min: 1, max: Number.POSITIVE_INFINITY };
  if (reader.take("?")) return { min: 0, max: 1 };
  return reader.attempt(() => readBraces(reader));
}

/** Undefined where the brace begins no quantifier; it is then an ordinary character (ECMA-262, annex B). */
function readBraces(reader: PatternReader): { min: number; max: number } | undefined {
  if (!reader.take("{")) return undefined;
  const least = reader.run(/[0-9]/);
  const comma = reader.take(",");
  const most = comma ? reader.run(/[0-9]/) : least;
  if (least === "" || !reader.take("}")) return undefined;
  const min = Number(least);
  const max = most === "" ? Number.POSITIVE_INFINITY : Number(most);
  if (min > max) throw new PatternError("quantifier with its numbers out of order");
  return { min, max };
}
