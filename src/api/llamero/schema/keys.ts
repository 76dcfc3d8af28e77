import { type Static, Type } from "@sinclair/typebox";
import { integer, list, request, text } from "../../wire/fields.ts";
import { count, moment, reply, replyText } from "../../wire/reply-fields.ts";

const scope = Type.Union([Type.Literal("infer"), Type.Literal("manage"), Type.Literal("admin")], {
  description: "A scope.",
});

export const KeyRequest = request(
  "ApiKeyRequest",
  "An API key to be made.",
  {
    name: text(
      "Whose it is: 1 to 64 letters, digits or any of `. _ @ + -`. No two keys that are not revoked share one.",
    ),
    scopes: list(
      Type.String({ description: "A scope." }),
      "What it may be used for: `infer` (use the models), `manage` (change which there are) and `admin` (API keys, and all else); each includes the ones before it. Default: `infer`.",
    ),
    expires_at: text("When it ceases to be one (RFC 3339). Default: never."),
    concurrency: integer("Requests for work that it may have at once. Default: no limit."),
    tokens_per_minute: integer(
      "Tokens, of prompts and answers, in a minute of the clock. Default: no limit.",
    ),
    tokens_per_day: integer("The same in a day (UTC). Default: no limit."),
  },
  ["name"],
);
export type KeyRequest = Static<typeof KeyRequest>;

const properties = {
  id: replyText("Stays the same for ever, and is no secret."),
  name: replyText("Whose it is."),
  source: Type.Union(
    [
      Type.Literal("books", { description: "It was made by this server." }),
      Type.Literal("file", { description: "It is in `OLLAMA_API_KEYS_FILE`." }),
    ],
    { description: "Where it is kept." },
  ),
  state: Type.Union([Type.Literal("valid"), Type.Literal("expired"), Type.Literal("revoked")], {
    description: "Whether it can be used.",
  }),
  scopes: Type.Array(scope, { description: "What it may be used for." }),
  created_at: Type.Optional(moment("When it was made")),
  expires_at: Type.Optional(moment("When it ceases to be one")),
  revoked_at: Type.Optional(moment("When it was revoked")),
  last_used_at: Type.Optional(moment("When it was last used, to the minute")),
  concurrency: Type.Optional(count("Requests for work at once.")),
  tokens_per_minute: Type.Optional(count("Tokens in a minute.")),
  tokens_per_day: Type.Optional(count("Tokens in a day.")),
};

export const KeyReply = reply("ApiKey", "An API key, without the key itself.", properties);
export type KeyReply = Static<typeof KeyReply>;

export const NewKeyReply = reply("NewApiKey", "An API key that has just been made.", {
  ...properties,
  key: replyText("The key itself. It is shown here and nowhere else."),
});

export const KeysReply = reply("ApiKeys", "The API keys.", {
  required: Type.Boolean({ description: "Callers must have one." }),
  keys: Type.Array(KeyReply, { description: "The oldest first; those of the file last." }),
});

export const KeyPath = Type.Object({
  key: Type.String({ description: "Id or name of the key.", example: "laptop" }),
});
