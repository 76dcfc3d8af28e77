import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "../architecture/sources.ts";

const pages = ["*.md", "{docs,src,native,test,scripts,deploy,examples}/**/*.md"]
  .flatMap((pattern) => [...new Bun.Glob(pattern).scanSync(ROOT)])
  .filter((path) => !path.includes("node_modules"));

/** GitHub's anchor of a heading: lower case, punctuation out, blanks to hyphens. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

function anchors(path: string): Set<string> {
  const text = readFileSync(path, "utf8").replace(/^```[\s\S]*?^```/gm, "");
  return new Set([...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading)));
}

/** Links to files of the repository, with the page that has them. */
function links(): { page: string; target: string; anchor: string }[] {
  return pages.flatMap((page) => {
    const text = readFileSync(join(ROOT, page), "utf8").replace(/```[\s\S]*?```/g, "");
    return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .map((link) => {
        const [path = "", anchor = ""] = link.split("#");
        return { page, target: path === "" ? join(ROOT, page) : join(ROOT, dirname(page), path), anchor };
      });
  });
}

test("every link between pages leads to a file, and every anchor to a heading", () => {
  const broken = links()
    .filter(({ target, anchor }) => {
      if (!existsSync(target)) return true;
      return anchor !== "" && target.endsWith(".md") && !anchors(target).has(anchor);
    })
    .map(({ page, target, anchor }) => `${page}: ${relative(ROOT, target)}${anchor && `#${anchor}`}`);
  expect(links().length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});
