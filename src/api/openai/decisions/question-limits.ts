import type { AnswerOption, Question } from "../../../intent/decide.ts";
import { defined } from "../../../lib/defined.ts";
import { RequestError } from "../request-error.ts";

/** Most questions of one request. */
const MOST_QUESTIONS = 64;
/** Most answers of a choice, and most levels of a score. */
export const MOST_CHOICES = 255;
export const MOST_LEVELS = 10;

/** @throws RequestError for no questions, or too many. */
export function checkCount(count: number): void {
  if (count === 0) throw new RequestError("questions", "questions is empty: ask at least one");
  if (count > MOST_QUESTIONS)
    throw new RequestError(
      "questions",
      `questions has ${count} questions, and a request may have ${MOST_QUESTIONS}`,
    );
}

/**
 * Options that a model can tell apart.
 *
 * @param param names the field in errors. @param what names the options in errors.
 * @throws RequestError for too few or too many, an empty one, or two that read the same.
 */
export function checkOptions(
  options: readonly Pick<AnswerOption, "label">[],
  most: number,
  param: string,
  what: "choices" | "levels",
): void {
  if (options.length < 2 || options.length > most)
    throw new RequestError(param, `${param} has ${options.length} ${what}, and there must be 2 to ${most}`);
  const seen = new Set<string>();
  for (const { label } of options) {
    const read = label.trim();
    if (read === "") throw new RequestError(param, `${param}: one of the ${what} is empty`);
    if (seen.has(read)) throw new RequestError(param, `${param}: ${JSON.stringify(read)} is there twice`);
    seen.add(read);
  }
}

/** Longest description of a level that the model writes as its answer; for a longer one it writes the level's number. */
const MOST_WRITTEN = 40;

/** Levels that are only described: a short description is the answer itself, for a long one its number is. */
export function levelOptions(descriptions: readonly string[]): AnswerOption[] {
  const short = descriptions.every((text) => text.length <= MOST_WRITTEN && !text.includes("\n"));
  return descriptions.map((text, level) =>
    short ? { label: text } : { label: String(level), description: text },
  );
}

/** Yes and no, in this order. */
export const yesOrNo = (yes: string | undefined, no: string | undefined): Question["options"] => [
  { label: "Yes", ...defined({ description: yes }) },
  { label: "No", ...defined({ description: no }) },
];
