import { dirname, join } from "node:path";
import { Elysia } from "elysia";
import { notFound } from "../../lib/errors.ts";
import { madeOnce } from "../../lib/made-once.ts";
import { type Bundle, bundlePage } from "../page/bundle.ts";
import { fileReply, htmlReply } from "../page/replies.ts";
import type { RouteDeps } from "../routes/all.ts";
import { swaggerPage } from "./page.ts";

const BASE = "/swagger/assets/";
const ASSETS = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

/** A file of Swagger UI's, or of the page around it. */
function asset({ files }: Bundle, name: string, request: Request): Response {
  const own = files.get(name);
  if (own !== undefined) return fileReply(own, request);
  if (!ASSETS.includes(name)) throw notFound(`no asset "${name}"`);
  const directory = dirname(Bun.resolveSync("swagger-ui-dist/package.json", import.meta.dir));
  const headers = { "cache-control": "public, max-age=3600" };
  return new Response(Bun.file(join(directory, name)), { headers });
}

/** @param deps for routes in an application of their own, which are described and never called. */
async function document(deps: RouteDeps): Promise<string> {
  const [{ buildOpenApi, printOpenApi }, { allRoutes }] = await Promise.all([
    import("./openapi.ts"),
    import("../routes/all.ts"),
  ]);
  return printOpenApi(await buildOpenApi(allRoutes(deps), deps.version));
}

/** GET /swagger: Swagger UI; GET /swagger/json: the OpenAPI document. Both are built when they are first asked for. */
export function docsRoute(deps: RouteDeps) {
  const printed = madeOnce(() => document(deps));
  const built = madeOnce(() => bundlePage("swagger/main.ts", BASE));
  const hidden = { detail: { hide: true } };
  return new Elysia({ name: "docs" })
    .get("/swagger", async () => htmlReply(swaggerPage(await built(), BASE)), hidden)
    .get(
      "/swagger/json",
      async () => new Response(await printed(), { headers: { "content-type": "application/json" } }),
      hidden,
    )
    .get(
      "/swagger/assets/:name",
      async ({ params, request }) => asset(await built(), params.name, request),
      hidden,
    );
}
