import { type KeepAlive, parseDuration } from "./duration.ts";
import { badRequest } from "./errors.ts";

/** Milliseconds in the longest duration that Go can hold (2^63 - 1 ns, 292 years); Ollama stores "forever" as that. */
const FOREVER_MS = 9_223_372_036_854;

const bounded = (milliseconds: number): KeepAlive => {
  if (milliseconds < 0 || milliseconds >= FOREVER_MS) return Number.POSITIVE_INFINITY;
  return milliseconds === 0 ? 0 : milliseconds;
};

/** A number of seconds, fractions included, as a keep-alive; negative means forever. */
export const keepAliveOfSeconds = (seconds: number): KeepAlive => bounded(seconds * 1000);

/**
 * A Go duration as a keep-alive; negative means forever.
 *
 * @throws AppError `bad_request` with Go's text when `text` is no duration.
 */
export const keepAliveOfText = (text: string): KeepAlive => bounded(Number(parseDuration(text)) / 1e6);

/** The name Go gives to what `encoding/json` makes of a JSON value of no particular type. */
function goTypeName(value: unknown): string {
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "[]interface {}" : "map[string]interface {}";
}

/**
 * Reads the wire field `keep_alive` (docs/behaviour: api-native §3): a number of seconds or a Go duration, negative for ever.
 *
 * @param value any JSON value.
 * @returns undefined when absent or null, which leaves the default in force.
 * @throws AppError `bad_request` for a malformed duration or another JSON type.
 */
export function decodeKeepAlive(value: unknown): KeepAlive | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number") return keepAliveOfSeconds(value);
  if (typeof value === "string") return keepAliveOfText(value);
  throw badRequest(`Unsupported type: '${goTypeName(value)}'`);
}
