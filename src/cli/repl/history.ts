import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf } from "../../lib/error-code.ts";

/** Lines typed in earlier sessions and in this one. */
export interface History {
  readonly limit: number;
  /** Oldest first. */
  lines(): readonly string[];
  add(line: string): void;
}

const LIMIT = 100;

/**
 * A history that is kept in a file, readable by its owner only, and written after each line.
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
      onFailure(`history is not saved: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const lines =
    attempt((from) => readFileSync(from, "utf8"))
      ?.split("\n")
      .filter(Boolean)
      .slice(-LIMIT) ?? [];
  return {
    limit: LIMIT,
    lines: () => lines,
    add(line) {
      if (line.trim() === "" || line === lines.at(-1)) return;
      lines.push(line);
      if (lines.length > LIMIT) lines.shift();
      attempt((to) => {
        mkdirSync(dirname(to), { recursive: true });
        writeFileSync(to, `${lines.join("\n")}\n`, { mode: 0o600 });
      });
    },
  };
}
