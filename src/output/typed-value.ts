import { isRecord } from "../lib/is-record.ts";
import { parseJson } from "./parse-json.ts";

const strings = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => typeof each === "string");

/** Types that a parameter's schema allows, those of `anyOf` included. */
export function allowedTypes(schema: unknown): string[] {
  if (!isRecord(schema)) return [];
  const alternatives: unknown[] = Array.isArray(schema.anyOf) ? schema.anyOf : [];
  return [
    ...strings(schema.type),
    ...alternatives.flatMap((each) => (isRecord(each) ? strings(each.type) : [])),
  ];
}

function jsonOf(text: string, accepts: (value: unknown) => boolean): { value: unknown } | undefined {
  const found = parseJson(text);
  return found !== undefined && accepts(found.value) ? found : undefined;
}

function numberOf(text: string): { value: number } | undefined {
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) ? { value } : undefined;
}

function integerOf(text: string): { value: number } | undefined {
  const number = numberOf(text);
  return number !== undefined && Number.isInteger(number.value) ? number : undefined;
}

/**
 * The value of a parameter that a model wrote as bare text, by the types that its schema allows (docs/behaviour: modelfile §9): one line
 * break at either end is not a part of it; without a type it is a string.
 */
export const typedValue = (written: string, schema: unknown): unknown =>
  typedText(written.replace(/^\n/, "").replace(/\n$/, ""), schema);

/** Like {@link typedValue}, for text to which every line break belongs. */
export function typedText(text: string, schema: unknown): unknown {
  if (text.trim().toLowerCase() === "null") return null;
  const types = allowedTypes(schema);
  const allows = (type: string): boolean => types.includes(type);
  const word = text.trim().toLowerCase();
  if (allows("boolean")) {
    if (word === "true" || word === "false") return word === "true";
    if (types.length === 1) return false;
  }
  const found =
    (allows("integer") && integerOf(text)) ||
    (allows("number") && numberOf(text)) ||
    (allows("array") && jsonOf(text, Array.isArray)) ||
    (allows("object") && jsonOf(text, isRecord));
  return found ? found.value : text;
}
