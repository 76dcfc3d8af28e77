import { confidenceOf, expectedLevel, likeliest } from "../../../inference/decide/probabilities.ts";
import { keepAliveOf, optionsOf, type Translated } from "../../../inference/request-options.ts";
import type { DecideIntent, DecideResult, Question } from "../../../intent/decide.ts";
import { defined } from "../../../lib/defined.ts";
import { isRecord } from "../../../lib/is-record.ts";
import { checkBase64 } from "../../wire/base64.ts";
import { unknownFieldNotices } from "../../wire/notices.ts";
import { RequestError } from "../request-error.ts";
import { requiredModel } from "../sampling.ts";
import { withAssets } from "./assets.ts";
import {
  checkCount,
  checkOptions,
  levelOptions,
  MOST_CHOICES,
  MOST_LEVELS,
  yesOrNo,
} from "./question-limits.ts";
import { type SystemOneQuestion, type SystemOneReply, SystemOneRequest } from "./schema/systemone.ts";

/** A text as it is, and any other value as JSON, for the model to read. */
const jsonText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const optionalText = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : jsonText(value);

function questionOf(question: SystemOneQuestion, param: string): Question {
  const { type: kind, criteria } = question;
  const instructions = optionalText(question.instructions) ?? "";
  if (kind === "noul") {
    const sides = isRecord(criteria) ? criteria : {};
    const options = yesOrNo(optionalText(sides.true), optionalText(sides.false));
    const note = isRecord(criteria) ? undefined : optionalText(criteria);
    const asked = note === undefined ? instructions : `${instructions}\n${note}`;
    const described = options.some(({ description }) => description !== undefined);
    if (asked.trim() === "" && !described)
      throw new RequestError(`${param}.instructions`, `${param} has neither instructions nor criteria`);
    return { kind, instructions: asked, options };
  }
  const options =
    kind === "choice"
      ? Object.entries(question.criteria).map(([label, about]) => {
          const description = optionalText(about);
          return { label, ...defined({ description }) };
        })
      : levelOptions(question.criteria.map(jsonText));
  const levels = kind === "score";
  // Levels must have different texts, also where the model answers with numbers.
  const read = levels ? question.criteria.map((level) => ({ label: jsonText(level) })) : options;
  checkOptions(read, levels ? MOST_LEVELS : MOST_CHOICES, `${param}.criteria`, levels ? "levels" : "choices");
  return { kind, instructions, options };
}

function inputOf({ state, images = [], assets = {} }: SystemOneRequest): DecideIntent["input"] {
  if (state === undefined || state === null) throw new RequestError("state", "state is required");
  const input = withAssets(jsonText(state), assets);
  if (images.length === 0) return input;
  // The images of the list come first, in front of all text.
  const front = images.map(checkBase64);
  const places = [...front.map(() => 0), ...(input.imagePlaces ?? [])];
  return { content: input.content, images: [...front, ...(input.images ?? [])], imagePlaces: places };
}

/** @throws RequestError for a missing field, or answers that cannot be told apart. */
export function translateSystemOne(body: SystemOneRequest): Translated<DecideIntent> {
  const { questions = {} } = body;
  const model = requiredModel(body);
  const asked = Object.entries(questions);
  checkCount(asked.length);
  const options = optionsOf(body.options);
  return {
    intent: {
      model,
      input: inputOf(body),
      questions: asked.map(([name, question]) => questionOf(question, `questions.${name}`)),
      options: options.intent,
      ...keepAliveOf(body),
    },
    notices: [...unknownFieldNotices(SystemOneRequest, body), ...options.notices],
  };
}

const numbered = <T>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value, at) => [String(at), value]));

function answerOf(question: SystemOneQuestion, probabilities: number[]): SystemOneReply["answers"][string] {
  if (question.type === "noul") return { type: "noul", noul: probabilities[0]! };
  const confidence = confidenceOf(probabilities);
  if (question.type === "score") {
    const score = expectedLevel(probabilities);
    const legend = numbered(question.criteria);
    return { type: "score", score, legend, probabilities: numbered(probabilities), confidence };
  }
  const labels = Object.keys(question.criteria);
  return {
    type: "choice",
    choice: labels[likeliest(probabilities)]!,
    probabilities: Object.fromEntries(labels.map((label, at) => [label, probabilities[at]!])),
    confidence,
  };
}

export function systemOneReply(
  { model = "", questions = {} }: SystemOneRequest,
  result: DecideResult,
): SystemOneReply {
  const answers = Object.entries(questions).map(([name, question], at) => [
    name,
    answerOf(question, result.probabilities[at]!),
  ]);
  return {
    model,
    answers: Object.fromEntries(answers),
    usage: { input_tokens: result.promptTokens, output_tokens: result.answerTokens },
  };
}
