/** The document's description of the API as a whole. */

const DESCRIPTION = `A local LLM server, wire-compatible with Ollama.

- **Bodies** are read as JSON whatever their content type says. A field that is absent or null has its default. An unknown field is
  ignored, and named in the reply's \`Warning\` header.
- **Streams** are \`application/x-ndjson\`: each line is one JSON object. A failure after the first line is a last line
  \`{"error": "…"}\`, under the status that has been sent already.
- **Below \`/v1\`** streams are server-sent events and errors are \`{"error": {"message", "type", "param", "code"}}\`, also those of
  paths that do not exist; below \`/v1/messages\` they are \`{"type": "error", "error": {"type", "message"}, "request_id"}\`. What follows is about the other paths.
- **Errors** are \`{"error": "…"}\` with the status that fits. A path that does not exist is 404, outside of \`/api\` in plain
  text; a method that it does not have 405 with an \`Allow\` header.
- **Units**: durations are nanoseconds, sizes bytes, times RFC 3339.
- **Access**: once an API key has been made (\`llamero keys create\`), or where \`OLLAMA_REQUIRE_KEYS\` is set, every route but the open
  ones takes a key with the scope that \`x-scope\` tells: \`infer\`, \`manage\` or \`admin\`, each including the ones before it. Without keys,
  what changes the models is refused to callers beyond the server's private network unless \`OLLAMA_OPEN\` is set. Pages of other sites are
  refused unless \`OLLAMA_ORIGINS\` names them.`;

export const INFO = {
  title: "llamero",
  description: DESCRIPTION,
  license: { name: "MIT", url: "https://opensource.org/license/mit" },
};

export const TAGS = [
  { name: "answer", description: "Text from a model." },
  { name: "embed", description: "Vectors and relevance from a model." },
  { name: "tokens", description: "The vocabulary of a model." },
  { name: "models", description: "Installed and loaded models." },
  { name: "blobs", description: "Files that models are created from." },
  { name: "openai", description: "The same in OpenAI's form, for its clients: base URL `/v1`." },
  {
    name: "anthropic",
    description: "The same in Anthropic's form, for its clients: the server's address as base URL.",
  },
  { name: "keys", description: "API keys." },
  { name: "server", description: "The server itself." },
];

/** The two ways to send an API key: Ollama's and OpenAI's clients have the first, Anthropic's the second. */
export const SECURITY_SCHEMES = {
  bearer: { type: "http", scheme: "bearer", description: "An API key, where the server asks for one." },
  apiKey: {
    type: "apiKey",
    in: "header",
    name: "x-api-key",
    description: "The same as Anthropic's clients send it.",
  },
};

/** The door refuses a request before any route sees it (guard.ts), in plain text. */
export const REFUSED = {
  description: "The request comes from a page of another site, or under a name that is not this machine's.",
  content: {
    "text/plain": {
      schema: { type: "string", description: "A line of text." },
      example: "origin not allowed: add it to OLLAMA_ORIGINS on the server to let its pages call\n",
    },
  },
};
