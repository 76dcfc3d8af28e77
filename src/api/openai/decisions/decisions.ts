import { confidenceOf, expectedLevel, likeliest } from "../../../inference/decide/probabilities.ts";
import { keepAliveOf, optionsOf, type Translated } from "../../../inference/request-options.ts";
import type { AnswerOption, DecideIntent, DecideResult, Question } from "../../../intent/decide.ts";
import { unknownFieldNotices } from "../../wire/notices.ts";
import { RequestError } from "../request-error.ts";
import { requiredModel } from "../sampling.ts";
import { checkCount, checkOptions, MOST_CHOICES, MOST_LEVELS, yesOrNo } from "./question-limits.ts";
import { type DecisionQuestion, type DecisionReply, DecisionRequest } from "./schema/decisions.ts";
import { instructionsOf, transcriptOf } from "./transcript.ts";

const optionOf = (label: string, description: string | null | undefined): AnswerOption => ({
  label,
  ...(description && { description }),
});

type Choices = Extract<DecisionQuestion, { type: "choice" }>["choices"];

/** A text such as "true" beside the boolean is written as a JSON string, so that the model can tell the two apart. */
function choiceOptions(choices: Choices): AnswerOption[] {
  const booleans = choices.flatMap(({ value }) => (typeof value === "boolean" ? [String(value)] : []));
  return choices.map(({ value, description }) =>
    optionOf(
      typeof value === "string" && booleans.includes(value) ? JSON.stringify(value) : String(value),
      description,
    ),
  );
}

function questionOf(question: DecisionQuestion, at: number): Question {
  const param = `questions[${at}]`;
  const instructions = instructionsOf(question.instructions, `${param}.instructions`);
  if (question.type === "predicate")
    return { kind: "noul", instructions, options: yesOrNo(undefined, undefined) };
  if (question.type === "choice") {
    const options = choiceOptions(question.choices);
    checkOptions(options, MOST_CHOICES, `${param}.choices`, "choices");
    return { kind: "choice", instructions, options };
  }
  const options = question.levels.map(({ label, description }) => optionOf(label, description));
  checkOptions(options, MOST_LEVELS, `${param}.levels`, "levels");
  return { kind: "score", instructions, options };
}

/** @throws RequestError for a missing field, or answers that cannot be told apart. */
export function translateDecision(body: DecisionRequest): Translated<DecideIntent> {
  const { input, questions = [] } = body;
  const model = requiredModel(body);
  if (input === undefined) throw new RequestError("input", "input is required");
  checkCount(questions.length);
  const options = optionsOf(body.options);
  return {
    intent: {
      model,
      input: transcriptOf(input),
      questions: questions.map(questionOf),
      options: options.intent,
      ...keepAliveOf(body),
    },
    notices: [...unknownFieldNotices(DecisionRequest, body), ...options.notices],
  };
}

function answerOf(question: DecisionQuestion, probabilities: number[]): DecisionReply["answers"][number] {
  const name = question.name ?? null;
  if (question.type === "predicate") return { type: "predicate", name, probability: probabilities[0]! };
  const confidence = confidenceOf(probabilities);
  if (question.type === "choice") {
    const values = question.choices.map(({ value }) => value);
    return {
      type: "choice",
      name,
      choice: values[likeliest(probabilities)]!,
      confidence,
      probabilities: values.map((value, at) => ({ value, probability: probabilities[at]! })),
    };
  }
  return {
    type: "score",
    name,
    score: expectedLevel(probabilities),
    confidence,
    probabilities: question.levels.map(({ label }, value) => ({
      label,
      value,
      probability: probabilities[value]!,
    })),
  };
}

export function decisionReply(
  { model = "", questions = [] }: DecisionRequest,
  result: DecideResult,
): DecisionReply {
  const { promptTokens, cachedTokens, writtenTokens, answerTokens } = result;
  return {
    model,
    answers: questions.map((question, at) => answerOf(question, result.probabilities[at]!)),
    usage: {
      input_tokens: promptTokens,
      input_tokens_details: { cached_tokens: cachedTokens, cache_write_tokens: writtenTokens },
      output_tokens: answerTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: promptTokens + answerTokens,
    },
  };
}
