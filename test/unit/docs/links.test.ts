import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "../architecture/sources.ts";
import { citationsIn, missingOf } from "./citations.ts";

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

/** Paths that stand for something to come: `src/cli/NAME.ts`, `src/api/ollama/thing.ts`. */
const isPlaceholder = (path: string): boolean => /NAME|\bthing\b/.test(path);

test("every file that a page names is there", () => {
  const named = pages.flatMap((page) => {
    const text = readFileSync(join(ROOT, page), "utf8");
    const paths = text.matchAll(/`((?:src|native|test|scripts|docs|deploy)\/[\w./-]+)`/g);
    return [...paths].map(([, path = ""]) => ({ page, path }));
  });
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(({ path }) => !isPlaceholder(path) && !existsSync(join(ROOT, path)))).toEqual([]);
});

/** Most lines of a room's README: what does not fit is in docs. */
const README_LINES = 40;

test("every room has a README, and none is longer than a screen", () => {
  const rooms = [...new Bun.Glob("src/*").scanSync({ cwd: ROOT, onlyFiles: false })].filter(
    (path) => !path.endsWith(".ts"),
  );
  const readmes = pages.filter((page) => /^(src|native|test|scripts)\/.*README\.md$/.test(page));
  expect(rooms.length).toBeGreaterThan(15);
  expect(rooms.filter((room) => !readmes.includes(`${room}/README.md`))).toEqual([]);
  const lines = (page: string) => readFileSync(join(ROOT, page), "utf8").trimEnd().split("\n").length;
  expect(readmes.filter((page) => lines(page) > README_LINES)).toEqual([]);
  expect(readmes.filter((page) => readFileSync(join(ROOT, page), "utf8").trim() === "")).toEqual([]);
});

/** Files that may cite docs/behaviour; this test's own are about citations. */
const citing = [...new Bun.Glob("{src,native,scripts,test}/**/*.{ts,tsx,c,h,md}").scanSync(ROOT)].filter(
  (path) => !path.includes("node_modules") && !path.startsWith("test/unit/docs/"),
);

test("every citation of docs/behaviour names a page and a section that are there", () => {
  const citations = citing.flatMap((path) =>
    citationsIn(readFileSync(join(ROOT, path), "utf8")).map((citation) => ({ path, citation })),
  );
  expect(citations.length).toBeGreaterThan(200);
  expect(
    citations.flatMap(({ path, citation }) => missingOf(citation).map((missing) => `${path}: ${missing}`)),
  ).toEqual([]);
});

describe("citations", () => {
  test.each([
    ["(spec: api-native §1.2)", [{ page: "api-native", sections: ["1.2"] }]],
    ["(docs/behaviour: scheduler §1.6).", [{ page: "scheduler-and-env", sections: ["1.6"] }]],
    ["Spec: scheduler-and-env §3. */", [{ page: "scheduler-and-env", sections: ["3"] }]],
    [
      "(docs/behaviour:\n * registry-and-store §6 to §8)",
      [{ page: "registry-and-store", sections: ["6", "8"] }],
    ],
    [
      "(spec: modelfile §2.3, §5, §6; registry-and-store §11, rule 2)",
      [
        { page: "modelfile", sections: ["2.3", "5", "6"] },
        { page: "registry-and-store", sections: ["11"] },
      ],
    ],
    ["(docs/behaviour: differences)", [{ page: "differences", sections: [] }]],
    ["(spec: published layouts §2)", [{ page: "published-layouts", sections: ["2"] }]],
    ["function load(spec: LoadSpec, spec: string)", []],
  ])("%j", (text, expected) => {
    expect(citationsIn(text)).toEqual(expected);
  });

  test("of a page or a section that is not there is told", () => {
    expect(missingOf({ page: "nowhere", sections: ["1"] })).toEqual(["no page nowhere"]);
    expect(missingOf({ page: "api-native", sections: ["1", "99", "1.9"] })).toEqual([
      "api-native has no §99",
      "api-native has no §1.9",
    ]);
  });
});
