import { renderAnthropicError } from "../api/anthropic/render-error.ts";
import { renderOpenaiError } from "../api/openai/render-error.ts";
import type { AppError } from "../lib/errors.ts";

/** A dialect's form of failures, those of paths that do not exist included. */
export interface Envelope {
  /** All paths that begin with this are the dialect's. */
  prefix: string;
  render(error: AppError): Response;
}

/** The dialects that have paths of their own, the first that fits has a path. Elsewhere the native API's rules hold. */
const ENVELOPES: readonly Envelope[] = [
  { prefix: "/v1/messages", render: renderAnthropicError },
  { prefix: "/v1/", render: renderOpenaiError },
];

/** The envelope of a path, if a dialect other than the native one has it. */
export const envelopeOf = (path: string): Envelope | undefined =>
  ENVELOPES.find(({ prefix }) => path.startsWith(prefix));
