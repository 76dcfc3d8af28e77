import { createHash } from "node:crypto";
import { isRecord } from "../../lib/is-record.ts";

/** The header with a routing key: of a request whose balancer or client knows it, and of every reply to a request for a model. */
export const ROUTE_HEADER = "x-llamero-route";

/** Keys of requests that may go back into a header as they came. */
const KNOWN = /^[A-Za-z0-9._-]{1,64}$/;

/** The part of a plain prompt that stays the same while the prompt grows. */
const PROMPT_START = 256;

const routes = new WeakMap<Request, string>();

/** Notes the routing key of a request whose body has been read. Bodies that are no conversation have none. */
export function noteRoute(request: Request, body: unknown): void {
  const key = routeKey(request.headers, body);
  if (key !== undefined) routes.set(request, key);
}

export const routeOf = (request: Request): string | undefined => routes.get(request);

/**
 * Names the conversation that a request belongs to, so that a balancer can keep it with the server that has its prompt evaluated:
 * the request's own key (X-Llamero-Route, then a hash of prompt_cache_key, X-Session-Id or metadata.user_id), else a hash of
 * model and first message. Instructions are no message: thousands of conversations may begin with the same.
 *
 * The configuration that `llamero pool init` writes knows conversations by the same fields.
 */
export function routeKey(headers: Headers, body: unknown): string | undefined {
  if (!isRecord(body)) return undefined;
  const opening = openingOf(body);
  if (opening === undefined) return undefined;
  const known = headers.get(ROUTE_HEADER);
  if (known !== null && KNOWN.test(known)) return known;
  const metadata = isRecord(body.metadata) ? body.metadata : {};
  const sessionKey = [body.prompt_cache_key, headers.get("x-session-id"), metadata.user_id].find(
    (value) => typeof value === "string" && value !== "",
  );
  return hashOf(sessionKey === undefined ? `${String(body.model)}:${opening}` : String(sessionKey));
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);

/** The beginning of a conversation, which stays the same while it grows; undefined for any other body. */
function openingOf({ messages, input, prompt }: Record<string, unknown>): string | undefined {
  if (Array.isArray(messages)) return textOf(firstOf(messages));
  if (Array.isArray(input)) return textOf(firstOf(input));
  if (typeof input === "string") return input;
  if (typeof prompt === "string") return prompt.slice(0, PROMPT_START);
  return prompt === undefined ? undefined : textOf(prompt);
}

/** The first message that is not an instruction, else the first. */
function firstOf(messages: readonly unknown[]): unknown {
  const firstSpoken = messages.find(
    (each) => !isRecord(each) || !["system", "developer"].includes(String(each.role)),
  );
  const first = firstSpoken ?? messages[0];
  return isRecord(first) && first.content !== undefined ? first.content : first;
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  const part = Array.isArray(content) ? content[0] : undefined;
  return isRecord(part) && typeof part.text === "string" ? part.text : (JSON.stringify(content) ?? "");
}
