import { dirname, join } from "node:path";
import { type AnyElysia, Elysia } from "elysia";
import { notFound } from "../../lib/errors.ts";
import { buildOpenApi, printOpenApi } from "./openapi.ts";
import { SWAGGER_PAGE } from "./page.ts";

const ASSETS = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

function asset(name: string): Response {
  if (!ASSETS.includes(name)) throw notFound(`no asset "${name}"`);
  const directory = dirname(Bun.resolveSync("swagger-ui-dist/package.json", import.meta.dir));
  const headers = { "cache-control": "public, max-age=3600" };
  return new Response(Bun.file(join(directory, name)), { headers });
}

/**
 * GET /swagger: Swagger UI; GET /swagger/json: the OpenAPI document. The document is built when it is first asked for.
 *
 * @param createRoutes the routes to document, in an application of their own.
 */
export function docsRoute(createRoutes: () => AnyElysia, version: string) {
  let document: Promise<string> | undefined;
  const hidden = { detail: { hide: true } };
  return new Elysia({ name: "docs" })
    .get("/swagger", () => htmlReply(SWAGGER_PAGE), hidden)
    .get(
      "/swagger/json",
      async () => {
        document ??= buildOpenApi(createRoutes(), version).then(printOpenApi);
        return new Response(await document, { headers: { "content-type": "application/json" } });
      },
      hidden,
    )
    .get("/swagger/assets/:name", ({ params }) => asset(params.name), hidden);
}

const htmlReply = (html: string): Response =>
  new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
