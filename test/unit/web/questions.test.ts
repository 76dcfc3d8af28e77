import { expect, test } from "bun:test";
import { questionOf, type TrialQuestion, verdictOf } from "../../../src/web/try/questions.ts";

const asked = (part: Partial<TrialQuestion>): TrialQuestion => ({
  id: "1",
  kind: "noul",
  text: "Is it?",
  answers: "",
  ...part,
});

test("a question is sent with what its kind takes", () => {
  const answers = " low, , high ";
  expect(questionOf(asked({ answers }))).toEqual({ type: "noul", instructions: "Is it?" });
  expect(questionOf(asked({ kind: "choice", answers }))).toEqual({
    type: "choice",
    instructions: "Is it?",
    criteria: { low: null, high: null },
  });
  expect(questionOf(asked({ kind: "score", answers }))).toEqual({
    type: "score",
    instructions: "Is it?",
    criteria: ["low", "high"],
  });
});

test("yes or no has two bars", () => {
  expect(verdictOf(asked({}), { type: "noul", noul: 0.25 })).toEqual({
    says: "no",
    bars: [
      { label: "yes", probability: 0.25 },
      { label: "no", probability: 0.75 },
    ],
  });
});

test("levels are named, and the likeliest is said with the level to be expected", () => {
  const question = asked({ kind: "score", answers: "angry, happy" });
  const answer = {
    type: "score",
    score: 0.75,
    legend: {},
    probabilities: { "0": 0.25, "1": 0.75 },
    confidence: 0.5,
  } as const;
  expect(verdictOf(question, answer)).toEqual({
    says: "happy (0.75)",
    bars: [
      { label: "angry", probability: 0.25 },
      { label: "happy", probability: 0.75 },
    ],
  });
});
