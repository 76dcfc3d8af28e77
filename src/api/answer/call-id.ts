const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const LENGTH = 8;

/** An id for a tool call: `call_` and eight random letters or digits (spec: api-native §5). */
export function callId(): string {
  const random = crypto.getRandomValues(new Uint32Array(LENGTH));
  return `call_${Array.from(random, (value) => LETTERS[value % LETTERS.length]).join("")}`;
}
