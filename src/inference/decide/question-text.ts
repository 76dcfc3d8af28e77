import type { Question } from "../../intent/decide.ts";

/** The texts that a decision's prompt has in front of its input, and behind it, before the question. */
export const INPUT_FRAME = {
  before: "Read the input, then answer the question about it.\n\nInput:\n",
  after: "\n\n",
};

/**
 * An input that says nothing: the weight of an answer behind it is what the model prefers by itself. A word such as "N/A" would be an
 * input that says no: with it a third of clear noes came out as yes.
 */
export const CONTENT_FREE = "";

/** A question that says nothing: what its answers weigh, they weigh by themselves. */
export const contentFree = (question: Question): Question => ({ ...question, instructions: "" });

const line = (label: string, description: string | undefined, mark: string): string =>
  `${mark}${label}${description === undefined ? "" : `: ${description}`}`;

/** The text of a question without instructions. */
const DEFAULT_INSTRUCTIONS = {
  noul: "Is this so?",
  choice: "Which of the answers fits the input best?",
  score: "Which of the levels fits the input best?",
};

/** The instructions to the model. */
const DEMAND = {
  noul: "Answer with Yes or No and nothing else.",
  choice: "Answer with one of these and nothing else, word for word.",
  score: "Answer with one of these levels and nothing else, word for word.",
};

/** A question as the model reads it, behind the input. */
export function questionText({ kind, instructions, options }: Question): string {
  const asked = `Question: ${instructions.trim() === "" ? DEFAULT_INSTRUCTIONS[kind] : instructions}`;
  const described = options.some(({ description }) => description !== undefined);
  const heading = kind === "score" ? "Levels, from the lowest to the highest:" : "Answers:";
  const list = options.map(({ label, description }) => line(label, description, "- "));
  const shown = kind !== "noul" || described ? [heading, ...list] : [];
  return [asked, ...shown, DEMAND[kind]].join("\n");
}
