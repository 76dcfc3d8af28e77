import { Elysia } from "elysia";
import { notFound } from "../../lib/errors.ts";
import { madeOnce } from "../../lib/made-once.ts";
import { type Bundle, bundlePage } from "./bundle.ts";
import { fileReply, htmlReply } from "./replies.ts";

const BASE = "/page/";

/** A browser that opens the address asks for a page in so many words; clients of the API do not. */
const wantsPage = (request: Request): boolean =>
  request.method === "GET" &&
  new URL(request.url).pathname === "/" &&
  (request.headers.get("accept") ?? "").includes("text/html");

/** The page for browsers at `/`, which elsewhere tells that the server lives, and its files. Built when it is first asked for. */
export function createPage() {
  const built = madeOnce(() => bundlePage("main.tsx", BASE));
  return {
    /** The page, where the request asks for it. */
    async reply(request: Request): Promise<Response | undefined> {
      return wantsPage(request) ? htmlReply(html(await built())) : undefined;
    },
    route: () =>
      new Elysia({ name: "page" }).get(
        `${BASE}:name`,
        async ({ params }) => fileOf(await built(), params.name),
        {
          detail: { hide: true },
        },
      ),
  };
}

const html = ({ script, styles }: Bundle): string => `<!doctype html>
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

function fileOf({ files }: Bundle, name: string): Response {
  const file = files.get(name);
  if (file === undefined) throw notFound(`no file "${name}"`);
  return fileReply(file);
}
