import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf } from "../../lib/error-code.ts";
import { messageOf } from "../../lib/errors.ts";
import { readBoundedFile } from "../../lib/read-bounded-file.ts";

/** Texts typed in earlier sessions and in this one, whole blocks among them. */
export interface History {
  /** Oldest first. */
  texts(): readonly string[];
  add(text: string): void;
}

const LIMIT = 100;
/** A hundred pasted texts of a hundred kilobytes. */
const MAX_BYTES = 10 * 1024 * 1024;
/** First line of a file whose other lines are JSON texts; without it every line is a text, as older versions wrote it. */
const HEADER = "# llamero history 2";

/**
 * A history that is kept in a file, readable by its owner only, and written after each text.
 *
 * @param path undefined: kept for this session only.
 * @param onFailure told once when the file cannot be used; the history then lives in memory.
 */
export function openHistory(path: string | undefined, onFailure: (message: string) => void): History {
  let file = path;
  const attempt = <T>(action: (path: string) => T): T | undefined => {
    if (file === undefined) return undefined;
    try {
      return action(file);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      file = undefined;
      onFailure(`history is not saved: ${messageOf(error)}`);
      return undefined;
    }
  };
  const kept = (): string[] =>
    attempt((from) => parse(readBoundedFile(from, MAX_BYTES).toString("utf8"))) ?? [];
  const texts = kept();
  return {
    texts: () => texts,
    add(text) {
      if (text.trim() === "" || text === texts.at(-1)) return;
      texts.push(text);
      if (texts.length > LIMIT) texts.shift();
      attempt((to) => {
        mkdirSync(dirname(to), { recursive: true });
        // Another session may have added to it meanwhile.
        writeFileSync(to, print([...kept(), text].slice(-LIMIT)), { mode: 0o600 });
      });
    },
  };
}

const print = (texts: readonly string[]): string =>
  [HEADER, ...texts.map((text) => JSON.stringify(text)), ""].join("\n");

/** A line that is no JSON text, in a file that was cut off, is left out. */
function parse(content: string): string[] {
  const [header, ...lines] = content.split("\n").filter(Boolean);
  if (header !== HEADER) return [...(header === undefined ? [] : [header]), ...lines].slice(-LIMIT);
  return lines.flatMap(parseText).slice(-LIMIT);
}

function parseText(line: string): string[] {
  try {
    const text: unknown = JSON.parse(line);
    return typeof text === "string" ? [text] : [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
}
