import type { Clock } from "../../lib/clock.ts";
import { AppError } from "../../lib/errors.ts";
import { isRecord } from "../../lib/is-record.ts";
import { readBounded } from "../read-bounded.ts";
import type { RegistryReply, RegistrySession } from "../session.ts";
import { RegistryRefusal } from "../upstream.ts";

const MAX_BYTES = 64 * 1024;

/** Statuses after which another attempt may succeed. */
const PASSING = [408, 425, 429, 500, 502, 503, 504];

/** A reply that is no success, with its body. */
export interface Refused {
  status: number;
  headers: Headers;
  /** Why, for people. */
  reason: string;
  /** The codes of the registry's errors, e.g. `BLOB_UPLOAD_UNKNOWN`; none where it does not say. */
  codes: string[];
}

export async function readRefusal(
  { response, url }: RegistryReply,
  session: RegistrySession,
): Promise<Refused> {
  const { status, headers } = response;
  const bytes = await readBounded(response, MAX_BYTES, "the registry's error");
  const text = new TextDecoder().decode(bytes).trim();
  return { status, headers, reason: session.reasonOf(url, text), codes: codesIn(text) };
}

/**
 * A refusal as an error of the push.
 * @param what the request that was refused, e.g. `push blob`.
 */
export function refusalError(what: string, { status, headers, reason }: Refused, clock: Clock): AppError {
  const message = `${what}: ${status}: ${reason}`;
  if (status === 403) return new AppError("forbidden", `unauthorized: access denied: ${message}`);
  const retryAfterMs = retryAfter(headers.get("retry-after"), clock);
  return new RegistryRefusal(message, { isLasting: !PASSING.includes(status), retryAfterMs });
}

/** Is the same request of no use a second time? */
export const isLasting = (error: AppError): boolean => !(error instanceof RegistryRefusal) || error.isLasting;

/** A number of seconds or an HTTP date, as milliseconds from now; 0 where there is neither. */
export function retryAfter(header: string | null, clock: Clock): number {
  if (header === null) return 0;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - clock.now());
}

/** `{"errors":[{"code":…}]}` */
function codesIn(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    const errors: unknown[] = isRecord(value) && Array.isArray(value.errors) ? value.errors : [];
    return errors.flatMap((error) => (isRecord(error) && typeof error.code === "string" ? error.code : []));
  } catch {
    return [];
  }
}
