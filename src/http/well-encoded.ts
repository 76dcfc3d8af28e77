import { renderNativeError } from "../api/ollama/render-error.ts";
import { badRequest } from "../lib/errors.ts";
import { envelopeOf } from "./envelopes.ts";

function isWellEncoded(text: string): boolean {
  if (!text.includes("%")) return true;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** The refusal of a request whose path or query has a percent sign that encodes no character; undefined for any other. */
export function refuseBadEncoding(request: Request): Response | undefined {
  if (!request.url.includes("%")) return undefined;
  const { pathname, search } = new URL(request.url);
  if (isWellEncoded(pathname) && isWellEncoded(search)) return undefined;
  const render = envelopeOf(pathname)?.render ?? renderNativeError;
  return render(badRequest("the URL has an invalid percent-encoding"));
}
