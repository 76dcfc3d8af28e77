/** What a request without a body is told (spec: api-openai §2). */
export const EMPTY_BODY = "EOF";
