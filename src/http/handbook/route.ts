import { Elysia } from "elysia";
import { notFound } from "../../lib/errors.ts";
import { policyOf } from "./policy.ts";
import { fileAt, SITE } from "./site.ts";

const NOT_BUILT =
  "The documents are the files of docs/. As a site they are not built yet: `bun run docs` does it.\n";
/** Files whose names have a digest of their content. */
const IMMUTABLE = /^assets\//;

/** The documents as a site at `/docs/`, read from disk when asked for. @param site folder of the built site. */
export const handbookRoute = (site = SITE) =>
  new Elysia({ name: "handbook" })
    .get("/docs", () => reply("", site), { detail: { hide: true } })
    .get("/docs/", () => reply("", site), { detail: { hide: true } })
    .get("/docs/*", ({ params }) => reply(decodeURIComponent(params["*"]), site), { detail: { hide: true } });

async function reply(path: string, site: string): Promise<Response> {
  if (fileAt("", site) === undefined) return new Response(NOT_BUILT, { status: 404 });
  const found = fileAt(path, site);
  if (found === undefined) throw notFound(`no page "${path}"`);
  const file = Bun.file(found);
  const headers: Record<string, string> = {
    "content-type": file.type,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": IMMUTABLE.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
  };
  if (!found.endsWith(".html")) return new Response(file, { headers });
  const html = await file.text();
  return new Response(html, { headers: { ...headers, "content-security-policy": policyOf(html) } });
}
