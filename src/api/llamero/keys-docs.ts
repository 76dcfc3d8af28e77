import { describeRoute, example, jsonReplyOf } from "../wire/describe-native.ts";
import { BODY_FAILURES, STORE_FAILURES, WRITE_FAILURES } from "../wire/documented-failures.ts";
import { KeyReply, KeysReply, NewKeyReply } from "./keys-model.ts";

const laptop = {
  id: "k3v9x2ab",
  name: "laptop",
  source: "books",
  state: "valid",
  scopes: ["infer"],
  created_at: "2026-01-02T03:04:05Z",
  expires_at: "2027-01-01T00:00:00Z",
  tokens_per_day: 100_000,
};

export const createKeyDocs = describeRoute({
  operationId: "createApiKey",
  summary: "Make an API key",
  description:
    "The reply has the key, which is kept nowhere: the server knows its hash. Once there is a key the server asks every caller for one, unless `OLLAMA_REQUIRE_KEYS` says otherwise. Until then only callers on the server's machine may make one.",
  tag: "keys",
  requests: {
    laptop: example("A key with a limit", { name: "laptop", tokens_per_day: 100_000 }),
    admin: example("A key for everything", { name: "ada", scopes: ["admin"] }),
  },
  replies: {
    200: jsonReplyOf("The key.", NewKeyReply, {
      laptop: example("The key", {
        ...laptop,
        key: "llamero-k3v9x2ab-4uX0cH4mV5m9a1qUqzUoYk2l8f7Xw3nP6rT5sB0eD9c",
      }),
    }),
  },
  failures: {
    400: 'there is an API key "laptop" already: revoke it, or take another name',
    ...BODY_FAILURES,
    ...WRITE_FAILURES,
  },
});

export const listKeysDocs = describeRoute({
  operationId: "listApiKeys",
  summary: "List API keys",
  description: "All keys, without the keys themselves: expired and revoked ones too.",
  tag: "keys",
  replies: {
    200: jsonReplyOf("The keys.", KeysReply, {
      one: example("One key", { required: true, keys: [laptop] }),
    }),
  },
  failures: STORE_FAILURES,
});

export const revokeKeyDocs = describeRoute({
  operationId: "revokeApiKey",
  summary: "Revoke an API key",
  description:
    "From the next request on it is refused. It stays in the list. A server that has had a key goes on asking for one.",
  tag: "keys",
  replies: {
    200: jsonReplyOf("The key.", KeyReply, {
      revoked: example("The key", { ...laptop, state: "revoked", revoked_at: "2026-02-03T04:05:06Z" }),
    }),
  },
  failures: {
    400: '"laptop" is in OLLAMA_API_KEYS_FILE: remove its line there',
    404: 'there is no API key "laptop"',
    ...WRITE_FAILURES,
  },
});
