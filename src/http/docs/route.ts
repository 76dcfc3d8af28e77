import { dirname, join } from "node:path";
import { type AnyElysia, Elysia } from "elysia";
import { notFound } from "../../lib/errors.ts";
import { madeOnce } from "../../lib/made-once.ts";
import { type Bundle, bundlePage } from "../page/bundle.ts";
import { fileReply, htmlReply } from "../page/replies.ts";
import { buildOpenApi, printOpenApi } from "./openapi.ts";
import { swaggerPage } from "./page.ts";

const BASE = "/swagger/assets/";
const ASSETS = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

/** A file of Swagger UI's, or of the page around it. */
function asset({ files }: Bundle, name: string): Response {
  const own = files.get(name);
  if (own !== undefined) return fileReply(own);
  if (!ASSETS.includes(name)) throw notFound(`no asset "${name}"`);
  const directory = dirname(Bun.resolveSync("swagger-ui-dist/package.json", import.meta.dir));
  const headers = { "cache-control": "public, max-age=3600" };
  return new Response(Bun.file(join(directory, name)), { headers });
}

/**
 * GET /swagger: Swagger UI; GET /swagger/json: the OpenAPI document. Both are built when they are first asked for.
 *
 * @param createRoutes the routes to document, in an application of their own.
 */
export function docsRoute(createRoutes: () => AnyElysia, version: string) {
  const document = madeOnce(async () => printOpenApi(await buildOpenApi(createRoutes(), version)));
  const built = madeOnce(() => bundlePage("swagger/main.ts", BASE));
  const hidden = { detail: { hide: true } };
  return new Elysia({ name: "docs" })
    .get("/swagger", async () => htmlReply(swaggerPage(await built(), BASE)), hidden)
    .get(
      "/swagger/json",
      async () => new Response(await document(), { headers: { "content-type": "application/json" } }),
      hidden,
    )
    .get("/swagger/assets/:name", async ({ params }) => asset(await built(), params.name), hidden);
}
