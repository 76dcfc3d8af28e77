/**
 * The keys that a request carries: `Authorization: Bearer` of Ollama's and OpenAI's clients, `x-api-key` of Anthropic's. Both may be
 * there, one of them with a placeholder.
 */
export function presentedKeys(headers: Headers): string[] {
  const bearer = /^bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1];
  const own = headers.get("x-api-key")?.trim();
  return [...new Set([bearer, own])].filter((key): key is string => key !== undefined && key !== "");
}
