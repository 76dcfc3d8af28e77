import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../scripts/support/paths.ts";

/** A fenced block of a page of docs/, and what the comment in front of it says about it. */
export interface Block {
  /** The page's file name. */
  page: string;
  /** Line of the opening fence, from 1. */
  line: number;
  language: string;
  code: string;
  /** `<!-- not run: WHY -->`: it is only read. */
  notRun?: string;
  /** `<!-- own server: WHY -->`: it runs against a server of its own. */
  ownServer?: string;
  /** `<!-- file: NAME -->`: it is written to this file for the blocks behind it. */
  file?: string;
  /** `<!-- typed: TEXT -->`: it runs in a terminal, in which this is typed at its prompt. */
  typed?: string;
  /** `<!-- serves: WHY -->`: it is a server, which is asked for its liveness and ended. */
  serves?: string;
}

const FENCE = /^```([\w-]*)\s*$/;
const DIRECTIVE = /^<!-- (not run|own server|file|typed|serves): (.+) -->$/;

/** The blocks of a page, from its top to its end. @throws Error for a fence that is not closed. */
export function blocksOf(page: string, text: string): Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const language = FENCE.exec(lines[at] ?? "")?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf("```", at + 1);
    if (end < 0) throw new Error(`${page}:${at + 1}: the block is not closed`);
    const [, kind, value] = DIRECTIVE.exec(lines[at - 1] ?? "") ?? [];
    blocks.push({
      page,
      line: at + 1,
      language,
      code: `${lines.slice(at + 1, end).join("\n")}\n`,
      ...(kind === "not run" && { notRun: value }),
      ...(kind === "own server" && { ownServer: value }),
      ...(kind === "file" && { file: value }),
      ...(kind === "typed" && { typed: value }),
      ...(kind === "serves" && { serves: value }),
    });
    at = end;
  }
  return blocks;
}

/**
 * A block of docs/ for a test that runs it in a place of its own.
 *
 * @param part what stands in it and in no other block of the page.
 * @throws Error where there is no such block, or there are several.
 */
export function documentedBlock(page: string, part: string): string {
  const blocks = blocksOf(page, readFileSync(join(ROOT, "docs", page), "utf8"));
  const [found, ...others] = blocks.filter(({ code }) => code.includes(part));
  if (found === undefined || others.length > 0) throw new Error(`${page} has not one block with ${part}`);
  return found.code;
}
