import type { startAnswer as Start } from "./answer.ts";
import type { countTokens as Count } from "./count-tokens.ts";
import type { answerDecide as Decide } from "./decide/decide.ts";

/*
 * The code that renders prompts, keeps answers to grammars and reads them is a third of the program. It is loaded with the first request
 * that needs it, so that a server that only waits, or lists and pulls models, does not hold it in memory.
 */

/** See `answer.ts`. */
export const startAnswer: typeof Start = async (...asked) =>
  (await import("./answer.ts")).startAnswer(...asked);

/** See `count-tokens.ts`. */
export const countTokens: typeof Count = async (...asked) =>
  (await import("./count-tokens.ts")).countTokens(...asked);

/** See `decide/decide.ts`. */
export const answerDecide: typeof Decide = async (...asked) =>
  (await import("./decide/decide.ts")).answerDecide(...asked);
