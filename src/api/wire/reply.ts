import type { Notice } from "../../intent/generate.ts";
import { encodeGoJson } from "../../lib/go-json.ts";

export type ReplyHeaders = Record<string, string>;

/** Most notices that one `Warning` header spells out, and most characters of each; servers and proxies limit header sizes. */
const MAX_NOTICES = 8;
const MAX_NOTICE_LENGTH = 200;

/** A JSON reply as Ollama writes it: Go's escapes, no newline at the end (docs/behaviour: api-native §1.3). */
export const jsonReply = (value: object, init: { status?: number; headers?: ReplyHeaders } = {}): Response =>
  new Response(encodeGoJson(value), {
    status: init.status ?? 200,
    headers: { "content-type": "application/json; charset=utf-8", ...init.headers },
  });

/** A JSON reply of bytes that are JSON already. */
export const encodedReply = (json: Uint8Array<ArrayBuffer>, headers: ReplyHeaders = {}): Response =>
  new Response(json, { headers: { "content-type": "application/json; charset=utf-8", ...headers } });

export const textReply = (text: string, status = 200, headers: ReplyHeaders = {}): Response =>
  new Response(text, { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers } });

export const emptyReply = (status = 200, headers: ReplyHeaders = {}): Response =>
  new Response(null, { status, headers });

/** As a quoted string of a header: printable ASCII only, so that a client's own text cannot break out of it. */
const quoted = (text: string): string =>
  `"${text
    .slice(0, MAX_NOTICE_LENGTH)
    .replace(/[^ -~]/g, "?")
    .replace(/["\\]/g, "\\$&")}"`;

/**
 * The `Warning` header (RFC 7234 §5.5) about fields that were ignored and prompts that were shortened, and `Llamero-Left-Out` with the
 * names of text that was left out for the client's own good; no header when there are no notices.
 */
export function noticeHeaders(notices: readonly Notice[]): ReplyHeaders {
  const left = notices.filter(({ code }) => code === "left_out").map(({ message }) => message);
  return {
    ...(left.length > 0 && { "llamero-left-out": left.join(", ") }),
    ...warningHeaders(notices.filter(({ code }) => code !== "left_out")),
  };
}

function warningHeaders(notices: readonly Notice[]): ReplyHeaders {
  if (notices.length === 0) return {};
  const shown = notices.slice(0, MAX_NOTICES).map(({ message }) => message);
  if (notices.length > shown.length) shown.push(`and ${notices.length - shown.length} more`);
  return { warning: shown.map((message) => `199 - ${quoted(message)}`).join(", ") };
}
