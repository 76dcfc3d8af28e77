import { statSync } from "node:fs";
import { join, normalize } from "node:path";

/** Where `bun run docs` puts the site. */
export const SITE = join(import.meta.dir, "../../../docs/.vitepress/dist");

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
