import { Elysia } from "elysia";
import { notFound } from "../../lib/errors.ts";
import { madeOnce } from "../../lib/made-once.ts";
import { type Bundle, bundlePage, type PageFile } from "./bundle.ts";
import { iconReply } from "./icon.ts";
import { qualityOf } from "./quality.ts";
import { fileReply, htmlReply } from "./replies.ts";

const BASE = "/page/";

/** Does the request prefer HTML? A browser's does when it opens the address, and those of clients of the API do not. */
function wantsPage({ method, url, headers }: Request): boolean {
  if (!["GET", "HEAD"].includes(method) || new URL(url).pathname !== "/") return false;
  const accept = headers.get("accept");
  return qualityOf(accept, "text/html") > qualityOf(accept, "text/plain");
}

/** The page for browsers at `/`, which tells other clients that the server lives, and its files. Built at the first request. */
export function createPage() {
  const built = madeOnce(() => bundlePage("main.tsx", BASE));
  return {
    /** The page, where the request asks for it. */
    async reply(request: Request): Promise<Response | undefined> {
      if (!wantsPage(request)) return undefined;
      return htmlReply(html(await built()));
    },
    route: () =>
      new Elysia({ name: "page" })
        .get(
          `${BASE}:name`,
          async ({ params, request }) => fileReply(fileOf(await built(), params.name), request),
          {
            detail: { hide: true },
          },
        )
        .get("/favicon.ico", iconReply, { detail: { hide: true } }),
  };
}

const html = ({ script, styles }: Bundle): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>llamero</title>
    <link rel="icon" href="/favicon.ico" type="image/svg+xml">
    <link rel="stylesheet" href="${BASE}${styles}">
    <script type="module" src="${BASE}${script}"></script>
  </head>
  <body>
    <div id="app"></div>
    <noscript>This page needs JavaScript. The API and the command line do not.</noscript>
  </body>
</html>
`;

function fileOf({ files }: Bundle, name: string): PageFile {
  const file = files.get(name);
  if (file === undefined) throw notFound(`no file "${name}"`);
  return file;
}
