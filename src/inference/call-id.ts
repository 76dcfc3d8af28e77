import { randomId } from "../lib/random-id.ts";

const LENGTH = 8;

/** An id for a tool call: `call_` and eight random letters or digits (spec: api-native §5). */
export const callId = (): string => `call_${randomId(LENGTH)}`;
