import { posix } from "node:path";
import type { MarkdownRenderer } from "vitepress";

/** Does the link leave the pages of docs/? Other files are read in a checkout, and are not part of the site. */
function leaves(page: string, href: string): boolean {
  if (/^([a-z]+:|#)/.test(href)) return false;
  return posix.join(posix.dirname(page), href).startsWith("..") || /\.json$/.test(href);
}

/** What the pages need besides Markdown. */
export function extend(markdown: MarkdownRenderer): void {
  takeLinksOut(markdown);
  keepBraces(markdown);
}

/** Models' templates are full of double braces, which Vue would take for its own: written as entities they are text. */
function keepBraces({ renderer: { rules } }: MarkdownRenderer): void {
  for (const name of ["text", "code_inline"] as const) {
    const render = rules[name];
    rules[name] = (...rest) => render?.(...rest).replaceAll("{{", "&#123;&#123;") ?? "";
  }
}

/** Takes links to the repository's other files out of the site, and leaves their text. */
function takeLinksOut(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("links-out", ({ tokens, env }) => {
    for (const { children } of tokens) {
      let out = false;
      for (const token of children ?? []) {
        if (token.type === "link_open") out = leaves(env.relativePath, token.attrGet("href") ?? "");
        if (!out || !token.type.startsWith("link_")) continue;
        token.type = "text";
        token.content = "";
      }
    }
  });
}
