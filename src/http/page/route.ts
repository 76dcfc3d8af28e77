import { Elysia } from "elysia";
import { notFound } from "../../lib/errors.ts";
import { type Bundle, bundlePage } from "./bundle.ts";

const BASE = "/page/";

/** Nothing of anybody else: no script but ours, no picture but what the user attached, no request to another server. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A browser that opens the address asks for a page in so many words; clients of the API do not. */
const wantsPage = (request: Request): boolean =>
  request.method === "GET" &&
  new URL(request.url).pathname === "/" &&
  (request.headers.get("accept") ?? "").includes("text/html");

/** The page for browsers at `/`, which elsewhere tells that the server lives, and its files. Built when it is first asked for. */
export function createPage() {
  let bundle: Promise<Bundle> | undefined;
  const built = (): Promise<Bundle> => {
    bundle ??= bundlePage(BASE);
    return bundle;
  };
  return {
    /** The page, where the request asks for it. */
    async reply(request: Request): Promise<Response | undefined> {
      return wantsPage(request) ? htmlReply(await built()) : undefined;
    },
    route: () =>
      new Elysia({ name: "page" }).get(
        `${BASE}:name`,
        async ({ params }) => fileReply(await built(), params.name),
        {
          detail: { hide: true },
        },
      ),
  };
}

function htmlReply({ script, styles }: Bundle): Response {
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>llamero</title>
    <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ctext y='13' font-size='13'%3E🦙%3C/text%3E%3C/svg%3E">
    <link rel="stylesheet" href="${BASE}${styles}">
    <script type="module" src="${BASE}${script}"></script>
  </head>
  <body>
    <div id="app"></div>
    <noscript>This page needs JavaScript. The API and the command line do not.</noscript>
  </body>
</html>
`;
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": POLICY,
      "cache-control": "no-cache",
      vary: "Accept",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    },
  });
}

function fileReply({ files }: Bundle, name: string): Response {
  const file = files.get(name);
  if (file === undefined) throw notFound(`no file "${name}"`);
  return new Response(file.gzipped, {
    headers: {
      "content-type": file.type,
      "content-encoding": "gzip",
      // Its content is in its name.
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    },
  });
}
