import { contentPolicy } from "../content-policy.ts";
import type { PageFile } from "./bundle.ts";
import { qualityOf } from "./quality.ts";

/** Pictures are also those that the user attached. */
const POLICY = contentPolicy({ images: ["data:", "blob:"] });

/** A page of this server, which the browser lets load nothing of anybody else. */
export const htmlReply = (html: string): Response =>
  new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": POLICY,
      "cache-control": "no-cache",
      vary: "Accept",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    },
  });

/** A file of a page, whose content is in its name: packed, unless the request does not take it so. */
export function fileReply({ type, gzipped }: PageFile, { headers }: Request): Response {
  const isPacked = qualityOf(headers.get("accept-encoding"), "gzip") > 0;
  return new Response(isPacked ? gzipped : Bun.gunzipSync(gzipped), {
    headers: {
      "content-type": type,
      ...(isPacked ? { "content-encoding": "gzip" } : {}),
      vary: "Accept-Encoding",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    },
  });
}
