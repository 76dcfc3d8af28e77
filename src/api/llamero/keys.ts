import { Elysia } from "elysia";
import { type KeyRing, knownKey, stateOf } from "../../access/key-ring.ts";
import type { KnownKey } from "../../access/known-key.ts";
import { createKey, type KeyOrder, revokeKey } from "../../access/manage-keys.ts";
import { defined, ifDefined } from "../../lib/defined.ts";
import { badRequest, notFound } from "../../lib/errors.ts";
import { momentIn, utcTimestamp } from "../../lib/rfc3339.ts";
import type { ApiKeyRow } from "../../store/schema.ts";
import { exchange } from "../exchange.ts";
import { explained, jsonBody } from "../wire/body.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { oneObject } from "../wire/describe-route.ts";
import { BODY_FAILURES, STORE_FAILURES, WRITE_FAILURES } from "../wire/documented-failures.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import type { LlameroDeps } from "./deps.ts";
import { KeyPath, KeyReply, KeyRequest, KeysReply, NewKeyReply } from "./schema/keys.ts";

function keyOf(key: KnownKey, now: number) {
  const { concurrency, tokensPerMinute, tokensPerDay } = key.limits;
  return {
    id: key.id,
    name: key.name,
    source: "file" as "file" | "books",
    state: stateOf(key, now),
    scopes: key.scopes,
    ...defined({
      expires_at: ifDefined(key.expiresAt, utcTimestamp),
      revoked_at: ifDefined(key.revokedAt, utcTimestamp),
      concurrency,
      tokens_per_minute: tokensPerMinute,
      tokens_per_day: tokensPerDay,
    }),
  };
}

const rowOf = (row: ApiKeyRow, now: number) => ({
  ...keyOf(knownKey(row), now),
  source: "books" as const,
  created_at: utcTimestamp(row.createdAt),
  ...(row.lastUsedAt !== null && { last_used_at: utcTimestamp(row.lastUsedAt) }),
});

/** The key that a request asks for. @throws AppError `bad_request` for an invalid time. */
export function orderOf(body: KeyRequest): KeyOrder {
  const { name = "", scopes, expires_at, concurrency, tokens_per_minute, tokens_per_day } = body;
  return {
    name,
    ...defined({ scopes, expiresAt: ifDefined(expires_at, timeOf) }),
    limits: defined({ concurrency, tokensPerMinute: tokens_per_minute, tokensPerDay: tokens_per_day }),
  };
}

/** The reply to a request that has made a key. */
export const newKeyOf = ({ key, text }: { key: ApiKeyRow; text: string }, now: number) => ({
  ...rowOf(key, now),
  key: text,
});

function timeOf(text: string): number {
  const time = momentIn(text);
  if (Number.isNaN(time))
    throw badRequest(`expires_at must be a time such as 2027-01-31T18:00:00Z, not "${text}"`);
  return time;
}

function revoke(keys: KeyRing, reference: string, now: number): ApiKeyRow {
  const revoked = revokeKey(keys.books, reference, now);
  if (revoked !== undefined) return revoked;
  if (keys.file.some(({ id, name }) => id === reference || name === reference))
    throw badRequest(`"${reference}" is in OLLAMA_API_KEYS_FILE: remove its line there`);
  throw notFound(`there is no API key "${reference}"`);
}

const createKeyDocs = describeNativeRoute({
  operationId: "createApiKey",
  summary: "Make an API key",
  description:
    "The reply has the key, which is kept nowhere: the server knows its hash. Once there is a key the server asks every caller for one, unless `OLLAMA_REQUIRE_KEYS` says otherwise. Until then only callers on the server's machine may make one.",
  tag: "keys",
  replies: { 200: oneObject("The key.", NewKeyReply) },
  failures: {
    400: 'there is an API key "laptop" already: revoke it, or take another name',
    ...BODY_FAILURES,
    ...WRITE_FAILURES,
  },
});

const listKeysDocs = describeNativeRoute({
  operationId: "listApiKeys",
  summary: "List API keys",
  description: "All keys, without the keys themselves: expired and revoked ones too.",
  tag: "keys",
  replies: { 200: oneObject("The keys.", KeysReply) },
  failures: STORE_FAILURES,
});

const revokeKeyDocs = describeNativeRoute({
  operationId: "revokeApiKey",
  summary: "Revoke an API key",
  description:
    "From the next request on it is refused. It stays in the list. A server that has had a key goes on asking for one.",
  tag: "keys",
  replies: { 200: oneObject("The key.", KeyReply) },
  failures: {
    400: '"laptop" is in OLLAMA_API_KEYS_FILE: remove its line there',
    404: 'there is no API key "laptop"',
    ...WRITE_FAILURES,
  },
});

/** GET and POST /api/keys, DELETE /api/keys/:key. */
export const keysRoute = (deps: LlameroDeps) =>
  new Elysia({ name: "llamero.keys" })
    .get(
      "/api/keys",
      ({ request, server }) => {
        const { keys, clock } = deps;
        const now = clock.now();
        const listed = [
          ...keys.books.list().map((row) => rowOf(row, now)),
          ...keys.file.map((key) => keyOf(key, now)),
        ];
        return exchange(request, server, deps).json(KeysReply, { required: keys.required(), keys: listed });
      },
      { response: { 200: KeysReply }, detail: listKeysDocs },
    )
    .post(
      "/api/keys",
      ({ body, request, server }) => {
        const call = exchange(request, server, deps);
        call.notices.add(unknownFieldNotices(KeyRequest, body));
        const now = deps.clock.now();
        return call.json(NewKeyReply, newKeyOf(createKey(deps.keys.books, orderOf(body), now), now));
      },
      { ...jsonBody(KeyRequest), response: { 200: NewKeyReply }, detail: createKeyDocs },
    )
    .delete(
      "/api/keys/:key",
      ({ params, request, server }) => {
        const now = deps.clock.now();
        const row = revoke(deps.keys, params.key, now);
        return exchange(request, server, deps).json(KeyReply, rowOf(row, now));
      },
      { params: explained(KeyPath), response: { 200: KeyReply }, detail: revokeKeyDocs },
    );
