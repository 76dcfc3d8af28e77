import { badRequest, messageOf } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";

export type JsonRecord = Record<string, unknown>;

/** A JSON object out of one of a model's files; reading a field says which file and field was wrong. */
export interface JsonFile {
  readonly label: string;
  readonly fields: JsonRecord;
}

/** @throws AppError `bad_request` when `text` is not a JSON object. */
export function parseJsonFile(label: string, text: string): JsonFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw badRequest(`${label} is not valid JSON: ${messageOf(cause)}`);
  }
  if (!isRecord(value)) throw badRequest(`${label} is not a JSON object`);
  return { label, fields: value };
}

/** A whole number from 1 to `most` (default: the largest uint32, since GGUF stores these so). */
export function positiveInteger(file: JsonFile, key: string, most = 0xffff_ffff): number {
  const value = file.fields[key];
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw badRequest(`${file.label}: ${key} must be a whole number from 1 to ${most}`);
}

/** As {@link positiveInteger}, for a field that may be absent or null. */
export function positiveIntegerOr(file: JsonFile, key: string, fallback: number, most?: number): number {
  return (file.fields[key] ?? undefined) === undefined ? fallback : positiveInteger(file, key, most);
}

/** As {@link positiveNumber}, for a field that may be absent or null. */
export function positiveNumberOr(file: JsonFile, key: string, fallback: number): number {
  return (file.fields[key] ?? undefined) === undefined ? fallback : positiveNumber(file, key);
}

/**
 * Refuses a setting that llama.cpp would run as if it were another one.
 * @param allowed the values that it runs as they are; null stands for an absent field too.
 */
export function requireOneOf({ label, fields }: JsonFile, key: string, allowed: readonly unknown[]): void {
  const value = fields[key] ?? null;
  if (allowed.includes(value)) return;
  const known = allowed
    .filter((item) => item !== null)
    .map((item) => (typeof item === "string" ? item : JSON.stringify(item)));
  throw badRequest(
    `${label}: ${key} ${JSON.stringify(value)} is not supported (supported: ${known.join(", ")})`,
  );
}

export function positiveNumber(file: JsonFile, key: string): number {
  const value = file.fields[key];
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
  throw badRequest(`${file.label}: ${key} must be a positive number`);
}

export function optionalString(fields: JsonRecord, key: string): string | undefined {
  const value = fields[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}
