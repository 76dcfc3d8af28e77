import { findCompiler } from "./compiler.ts";
import { isBuilt } from "./library.ts";

/** How long an answer is good: somebody may install a compiler meanwhile. */
const GOOD_FOR_MS = 10_000;

let known: { answer: boolean; until: number } | undefined;

/**
 * Is libmtmd built, or can it be when a model needs it? Cheap enough to be asked with every list of models.
 *
 * @param cache llamero's folder for its builds.
 */
export function canSee(cache: string): boolean {
  const now = performance.now();
  if (known === undefined || now > known.until) {
    const answer = isBuilt(cache) || (findCompiler(cache) !== undefined && Bun.which("git") !== null);
    known = { answer, until: now + GOOD_FOR_MS };
  }
  return known.answer;
}
