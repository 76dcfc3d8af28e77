import type { SystemOneAnswer, SystemOneQuestion } from "../../client/index.ts";

export const KINDS = [
  { kind: "noul", label: "Yes or no" },
  { kind: "choice", label: "One of several" },
  { kind: "score", label: "A level" },
] as const;

type Kind = (typeof KINDS)[number]["kind"];

/** A question as somebody writes it. */
export interface TrialQuestion {
  /** Names it in the request. */
  id: string;
  kind: Kind;
  text: string;
  /** Divided by commas; levels from the lowest to the highest. Of no concern to yes or no. */
  answers: string;
}

const answersOf = ({ answers }: TrialQuestion): string[] =>
  answers
    .split(",")
    .map((answer) => answer.trim())
    .filter((answer) => answer !== "");

/** A question as the server takes it. */
export function questionOf(question: TrialQuestion): SystemOneQuestion {
  const { kind, text: instructions } = question;
  if (kind === "noul") return { type: kind, instructions };
  const answers = answersOf(question);
  if (kind === "score") return { type: kind, instructions, criteria: answers };
  return { type: kind, instructions, criteria: Object.fromEntries(answers.map((answer) => [answer, null])) };
}

/** An answer that there might have been, and its probability. */
export interface ProbabilityBar {
  label: string;
  probability: number;
}

/** An answer in a word, and the probabilities behind it. */
export interface TrialVerdict {
  says: string;
  bars: ProbabilityBar[];
}

export function verdictOf(question: TrialQuestion, answer: SystemOneAnswer): TrialVerdict {
  if (answer.type === "noul") {
    const bars = [
      { label: "yes", probability: answer.noul },
      { label: "no", probability: 1 - answer.noul },
    ];
    return { says: answer.noul >= 0.5 ? "yes" : "no", bars };
  }
  const levels = answersOf(question);
  const bars = Object.entries(answer.probabilities).map(([key, probability]) => ({
    label: answer.type === "score" ? (levels[Number(key)] ?? key) : key,
    probability,
  }));
  if (answer.type === "choice") return { says: answer.choice, bars };
  const likeliest = bars.reduce((best, bar) => (bar.probability > best.probability ? bar : best), bars[0]!);
  return { says: `${likeliest.label} (${answer.score.toFixed(2)})`, bars };
}
