import { expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";

const messages = [{ role: "user", content: "hi" }];
const CHAT = { model: "test", messages };
const MESSAGE = { ...CHAT, max_tokens: 4 };
const RESPONSE = { model: "test", input: "hi" };
/** What a format may be called. */
const UNNAMED = { name: null, description: null, strict: null };

test.each<[string, string, object]>([
  ["/v1/messages", "context_management", { ...MESSAGE, context_management: { edits: null } }],
  [
    "/v1/messages",
    "thinking",
    { ...MESSAGE, thinking: { type: "disabled", display: null, budget_tokens: null } },
  ],
  ["/v1/messages", "diagnostics", { ...MESSAGE, diagnostics: { previous_message_id: null } }],
  ["/v1/messages/count_tokens", "context_management", { ...CHAT, context_management: { edits: null } }],
  [
    "/v1/chat/completions",
    "a format",
    { ...CHAT, response_format: { type: "text", json_schema: null, schema: null } },
  ],
  [
    "/v1/chat/completions",
    "a schema",
    {
      ...CHAT,
      response_format: { type: "json_schema", json_schema: { ...UNNAMED, schema: { type: "object" } } },
    },
  ],
  [
    "/v1/responses",
    "a format",
    { ...RESPONSE, text: { format: { type: "text", ...UNNAMED, schema: null } } },
  ],
  [
    "/v1/responses",
    "cache options",
    { ...RESPONSE, prompt_cache_options: { comparison_response_id: null, mode: null, ttl: null } },
  ],
])("%s: fields of %s that are null are not said, as the document has it", async (path, _, body) => {
  const reply = await fakeApp().send("POST", path, body);
  expect([reply.status, await reply.text()]).toEqual([200, expect.any(String)]);
});
