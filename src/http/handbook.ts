import { statSync } from "node:fs";
import { join, normalize } from "node:path";
import { Elysia } from "elysia";
import { notFound } from "../lib/errors.ts";
import { contentPolicy } from "./content-policy.ts";

/** Where `bun run docs` puts the site. */
const SITE = join(import.meta.dir, "../../docs/.vitepress/dist");

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/**
 * The file of the site that an address below `/docs/` means; nothing outside the site is ever found.
 *
 * @param path the address without `/docs/`, decoded: `""`, `faq`, `behaviour/cli`, `assets/app.js`.
 */
export function fileAt(path: string, site = SITE): string | undefined {
  if (path.includes("\0")) return undefined;
  const inside = normalize(`/${path}`);
  return [inside, `${inside}.html`, join(inside, "index.html")].map((each) => join(site, each)).find(isFile);
}

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;

/**
 * The Content-Security-Policy of a page of the site: its scripts are ours, those within the page by their hashes. Its code is coloured by
 * style attributes.
 */
export function policyOf(html: string): string {
  const hashes = [...html.matchAll(INLINE_SCRIPT)].map(
    ([, script = ""]) => `'sha256-${new Bun.CryptoHasher("sha256").update(script).digest("base64")}'`,
  );
  return contentPolicy({ scripts: hashes, styles: ["'unsafe-inline'"], images: ["data:"] });
}

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
