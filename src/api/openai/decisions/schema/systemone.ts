import { type Static, Type } from "@sinclair/typebox";
import { isRecord } from "../../../../lib/is-record.ts";
import {
  JSON_VALUE,
  keepAlive,
  list,
  literals,
  model,
  nullable,
  options,
  record,
  request,
} from "../../../wire/fields.ts";
import { verbatim } from "../../../wire/normalise.ts";
import { indexed, refusing } from "../../../wire/refusal.ts";
import { count, reply, replyText } from "../../../wire/reply-fields.ts";

const content = (description: string) =>
  refusing(
    Type.Union([Type.String(), Type.Record(Type.String(), JSON_VALUE), Type.Array(JSON_VALUE)], {
      description,
    }),
    (_, path) => `${indexed(path)} must be a text, an object or a list`,
  );
const optionalContent = (description: string) => Type.Optional(nullable(content(description)));

const instructions = optionalContent("What is asked: a text, or any JSON. Default: the criteria say it.");

const NoulQuestion = Type.Object(
  {
    type: Type.Literal("noul", { description: "`noul`: yes or no." }),
    instructions,
    criteria: optionalContent(
      "What counts as yes and as no: `true` and `false`, each a text or any JSON. A text says it for both.",
    ),
  },
  { title: "NoulQuestion", description: "A question that is answered with yes or no." },
);

const ChoiceQuestion = Type.Object(
  {
    type: Type.Literal("choice", { description: "`choice`: one of several." }),
    instructions,
    criteria: refusing(
      Type.Record(Type.String(), nullable(content("When it is the right one.")), {
        description: "2 to 255 answers, each with a description or null.",
      }),
      (value, path) =>
        isRecord(value) ? undefined : `${indexed(path)} must be an object of answers and their descriptions`,
    ),
  },
  { title: "ChoiceQuestion", description: "A question with several answers, of which one is right." },
);

const ScoreQuestion = Type.Object(
  {
    type: Type.Literal("score", { description: "`score`: a level." }),
    instructions,
    criteria: refusing(
      Type.Array(content("What the level means."), { description: "2 to 10 levels, the lowest first." }),
      (value, path) => (Array.isArray(value) ? undefined : `${indexed(path)} must be a list of levels`),
    ),
  },
  { title: "ScoreQuestion", description: "A question that is answered with a level." },
);

const KINDS = ["noul", "choice", "score"];

const Question = refusing(
  Type.Union([NoulQuestion, ChoiceQuestion, ScoreQuestion], { description: "A question." }),
  (value, path) =>
    isRecord(value) && KINDS.includes(String(value.type))
      ? undefined
      : `${indexed(path)}: type must be "noul", "choice" or "score"`,
);
export type SystemOneQuestion = Static<typeof Question>;

const Asset = Type.Object(
  {
    type: Type.Optional(Type.Literal("image", { description: "`image`." })),
    format: Type.Optional(Type.Union(literals("png", "jpg", "jpeg"), { description: "Not looked at." })),
    data_base64: Type.Optional(nullable(Type.String({ description: "The file in base64." }))),
    part: Type.Optional(
      nullable(Type.String({ description: "In a form: the name of the part that has the file." })),
    ),
  },
  { title: "SystemOneAsset", description: "An image." },
);

export const SystemOneRequest = request(
  "SystemOneRequest",
  "An input, and questions about it.",
  {
    model,
    state: Type.Optional(verbatim(content("The input: a text, or any JSON, which the model reads as JSON."))),
    questions: Type.Optional(
      verbatim(
        refusing(record(Question, "1 to 64 questions by names of your choice."), (value, path) =>
          isRecord(value) ? undefined : `${indexed(path)} must be an object of questions`,
        ),
      ),
    ),
    images: list(
      Type.String({ description: "The file in base64." }),
      "Images in front of the input, for models that see.",
    ),
    assets: Type.Optional(
      verbatim(record(Asset, "Images that stand where their names are in the texts of `state`.")),
    ),
    options,
    keep_alive: keepAlive,
  },
  ["model", "state", "questions"],
);
export type SystemOneRequest = Static<typeof SystemOneRequest>;

const probability = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const confidence = probability("1 when one answer has all of the probability, 0 when all have as much.");

const NoulAnswer = reply("NoulAnswer", "The answer to a `noul`.", {
  type: Type.Literal("noul", { description: "`noul`." }),
  noul: probability("Probability of yes."),
});
const ChoiceAnswer = reply("ChoiceAnswer", "The answer to a `choice`.", {
  type: Type.Literal("choice", { description: "`choice`." }),
  choice: replyText("The likeliest answer."),
  probabilities: Type.Record(Type.String(), probability("Its probability."), {
    description: "Of every answer; their sum is 1.",
  }),
  confidence,
});
const ScoreAnswer = reply("ScoreAnswer", "The answer to a `score`.", {
  type: Type.Literal("score", { description: "`score`." }),
  score: Type.Number({ minimum: 0, description: "The level to be expected, from 0; it may be between two." }),
  legend: Type.Record(Type.String(), JSON_VALUE, { description: "The levels as they were given." }),
  probabilities: Type.Record(Type.String(), probability("Its probability."), {
    description: "Of every level, by its number; their sum is 1.",
  }),
  confidence,
});

export const SystemOneReply = reply("SystemOneResponse", "Answers with probabilities.", {
  model: replyText("The model, as the request named it."),
  answers: Type.Record(
    Type.String(),
    Type.Union([NoulAnswer, ChoiceAnswer, ScoreAnswer], { description: "An answer." }),
    { description: "By the names of the questions." },
  ),
  usage: reply("SystemOneUsage", "Token counts.", {
    input_tokens: count("Tokens of the input, once, and of all questions."),
    output_tokens: count("Tokens of the likeliest answers."),
  }),
});
export type SystemOneReply = Static<typeof SystemOneReply>;
