import { contentPolicy } from "../content-policy.ts";

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
