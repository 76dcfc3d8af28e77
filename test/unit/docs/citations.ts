import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../architecture/sources.ts";

/** What a comment cites: `(docs/behaviour: api-native §4)`, or the same with `spec:`. */
export interface Citation {
  /** Name of a page of docs/behaviour. */
  page: string;
  /** `4`, `1.2`; none where the page as a whole is cited. */
  sections: string[];
}

const PAGES = join(ROOT, "docs/behaviour");
const ALIASES: Record<string, string> = { scheduler: "scheduler-and-env" };

const MARK = /(?<![\w/])(?:[Ss]pec:|docs\/behaviour[:,]) /g;
const SECTION = /§(\d+(?:\.\d+)*)/g;
/** A page, and sections behind it: `modelfile §2.3, §5 and §6`, `registry-and-store §6 to §8`. */
const PLACE =
  /([a-z][a-z-]*(?: [a-z]+)?) (§\d+(?:\.\d+)*(?:(?:, (?:and )?| to | and )§\d+(?:\.\d+)*)*)(?:; )?/y;
const WHOLE_PAGE = /([a-z][a-z-]*)\)/y;

const pageOf = (words: string): string => ALIASES[words] ?? words.replaceAll(" ", "-");

/** All citations of a file, those that a comment's lines break included. */
export function citationsIn(source: string): Citation[] {
  const text = source.replace(/\s*\n\s*(?:\*|\/\/)?\s*/g, " ");
  return [...text.matchAll(MARK)].flatMap((mark) => {
    const start = mark.index + mark[0].length;
    const places = placesAt(text, start);
    if (places.length > 0 || !mark[0].startsWith("docs/")) return places;
    WHOLE_PAGE.lastIndex = start;
    const [, page] = WHOLE_PAGE.exec(text) ?? [];
    return page === undefined ? [] : [{ page: pageOf(page), sections: [] }];
  });
}

function placesAt(text: string, start: number): Citation[] {
  const found: Citation[] = [];
  PLACE.lastIndex = start;
  for (let place = PLACE.exec(text); place !== null; place = PLACE.exec(text)) {
    const [, page = "", sections = ""] = place;
    found.push({
      page: pageOf(page),
      sections: [...sections.matchAll(SECTION)].map(([, number = ""]) => number),
    });
  }
  return found;
}

const numbersOf = new Map<string, Set<string> | undefined>();

/** The numbers that headings of a page have; undefined: there is no such page. */
function sectionsOf(page: string): Set<string> | undefined {
  if (!numbersOf.has(page)) numbersOf.set(page, readSections(join(PAGES, `${page}.md`)));
  return numbersOf.get(page);
}

function readSections(path: string): Set<string> | undefined {
  if (!existsSync(path)) return undefined;
  const headings = readFileSync(path, "utf8").matchAll(/^#{2,6} (\d+(?:\.\d+)*)\.? /gm);
  return new Set([...headings].map(([, number = ""]) => number));
}

/** What of a citation is not there, in a few words each. */
export function missingOf({ page, sections }: Citation): string[] {
  const known = sectionsOf(page);
  if (known === undefined) return [`no page ${page}`];
  return sections.filter((section) => !known.has(section)).map((section) => `${page} has no §${section}`);
}
