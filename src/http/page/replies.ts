import { contentPolicy } from "../content-policy.ts";
import type { PageFile } from "./bundle.ts";

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

/** A file of a page, whose content is in its name. */
export const fileReply = (file: PageFile): Response =>
  new Response(file.gzipped, {
    headers: {
      "content-type": file.type,
      "content-encoding": "gzip",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    },
  });
