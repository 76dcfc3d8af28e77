import { type CodePoints, charactersOf, complement, single, union } from "../code-points.ts";
import { readEscape } from "./escapes.ts";
import { PatternError, type PatternReader } from "./reader.ts";

/** A character class whose `[` has been read. */
export function readClass(reader: PatternReader): CodePoints {
  const negated = reader.take("^");
  const sets: CodePoints[] = [];
  while (!reader.take("]")) {
    if (reader.done) throw new PatternError("unterminated character class");
    sets.push(readRange(reader));
  }
  const members = union(sets);
  return negated ? complement(members) : members;
}

function readRange(reader: PatternReader): CodePoints {
  const first = readMember(reader);
  if (!reader.sees("-") || reader.peek(1) === "]" || reader.peek(1) === undefined) return first;
  const dash = charactersOf(reader.next());
  const last = readMember(reader);
  const low = only(first);
  const high = only(last);
  // A class such as \w at either end makes the dash an ordinary character (ECMA-262, annex B).
  if (low === undefined || high === undefined) return union([first, dash, last]);
  if (low > high) throw new PatternError("character class range out of order");
  return [[low, high]];
}

function readMember(reader: PatternReader): CodePoints {
  const character = reader.next();
  if (character !== "\\") return charactersOf(character);
  if (reader.take("b")) return single(0x08);
  return reader.take("-") ? charactersOf("-") : readEscape(reader);
}

function only(set: CodePoints): number | undefined {
  const range = set[0];
  return set.length === 1 && range !== undefined && range[0] === range[1] ? range[0] : undefined;
}
