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
}

const FENCE = /^```([\w-]*)\s*$/;
const DIRECTIVE = /^<!-- (not run|own server|file): (.+) -->$/;

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
    });
    at = end;
  }
  return blocks;
}
