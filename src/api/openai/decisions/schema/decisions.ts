import { type Static, Type } from "@sinclair/typebox";
import { isRecord } from "../../../../lib/is-record.ts";
import { keepAlive, literals, model, nullable, options, request } from "../../../wire/fields.ts";
import { verbatim } from "../../../wire/normalise.ts";
import { indexed, refusing } from "../../../wire/refusal.ts";
import { count, reply, replyText } from "../../../wire/reply-fields.ts";

const optional = <T extends Parameters<typeof nullable>[0]>(schema: T) => Type.Optional(nullable(schema));
const optionalText = (description: string) => optional(Type.String({ description }));
const literal = <T extends string>(type: T) => Type.Literal(type, { description: `\`${type}\`.` });
const text = (description: string) => Type.String({ description });

const TextPart = Type.Object(
  {
    type: Type.Union(literals("input_text", "output_text"), {
      description: "`input_text`, or `output_text` of the assistant's.",
    }),
    text: text("The text."),
  },
  { title: "DecisionText", description: "A text." },
);
const RefusalPart = Type.Object(
  { type: literal("refusal"), refusal: text("The text.") },
  { title: "DecisionRefusal", description: "A refusal of the assistant's." },
);
const ImagePart = Type.Object(
  {
    type: literal("input_image"),
    image_url: text("A data URL, or the URL of a host that the server fetches images from."),
    detail: optionalText("Not looked at."),
  },
  { title: "DecisionImage", description: "An image." },
);
const JsonPart = Type.Object(
  {
    type: literal("input_json"),
    data: Type.Unknown({ description: "Any JSON, which the model reads as JSON." }),
  },
  { title: "DecisionJson", description: "JSON." },
);
const Part = refusing(
  Type.Union([TextPart, RefusalPart, ImagePart, JsonPart], { description: "A part." }),
  (value, path) =>
    `${indexed(path)}: unknown or incomplete content part: ${isRecord(value) ? String(value.type) : ""}`,
);
export type DecisionPart = Static<typeof Part>;
const Content = Type.Union([Type.String(), Type.Array(Part)], {
  description: "A text, or its parts in order.",
});

const Message = Type.Object(
  {
    type: Type.Optional(literal("message")),
    role: Type.Union(literals("user", "developer", "system", "assistant"), { description: "Who says it." }),
    content: Content,
    phase: optionalText("Not looked at."),
  },
  { title: "DecisionMessage", description: "A message." },
);
const Call = Type.Object(
  {
    type: literal("function_call"),
    call_id: text("Its id."),
    name: text("The function."),
    arguments: text("Its arguments, as JSON text."),
  },
  { title: "DecisionFunctionCall", description: "A call of a function." },
);
const CustomCall = Type.Object(
  {
    type: literal("custom_tool_call"),
    call_id: text("Its id."),
    name: text("The tool."),
    input: text("What it is given."),
  },
  { title: "DecisionCustomToolCall", description: "A call of a tool that takes text." },
);
const Output = Type.Object(
  {
    type: Type.Union(literals("function_call_output", "custom_tool_call_output"), {
      description: "Of what it is.",
    }),
    call_id: text("The id of the call."),
    output: Content,
  },
  { title: "DecisionCallOutput", description: "What came of a call." },
);
const Item = refusing(
  Type.Union([Message, Call, CustomCall, Output], { description: "A message, a call, or what came of one." }),
  (value, path) =>
    `${indexed(path)}: unknown or incomplete item: ${isRecord(value) ? String(value.type ?? value.role) : ""}`,
);
export type DecisionItem = Static<typeof Item>;

const instructions = refusing(Content, (_, path) => `${indexed(path)} must be a text or a list of parts`);
const name = optionalText("Comes back with the answer.");

const Predicate = Type.Object(
  { type: literal("predicate"), name, instructions },
  { title: "DecisionPredicate", description: "A statement that may be true." },
);
const Choice = Type.Object(
  {
    type: literal("choice"),
    name,
    instructions,
    choices: Type.Array(
      Type.Object(
        {
          value: Type.Union([Type.String(), Type.Boolean()], { description: "The answer." }),
          description: optionalText("When it is the right one."),
        },
        { title: "DecisionChoiceOption", description: "An answer." },
      ),
      { description: "2 to 255 answers, no two of them the same." },
    ),
  },
  { title: "DecisionChoice", description: "A question with several answers, of which one is right." },
);
const Score = Type.Object(
  {
    type: literal("score"),
    name,
    instructions,
    levels: Type.Array(
      Type.Object(
        { label: text("What the level is called."), description: optionalText("What it means.") },
        { title: "DecisionLevel", description: "A level." },
      ),
      { description: "2 to 10 levels, the lowest first." },
    ),
  },
  { title: "DecisionScore", description: "A question that is answered with a level." },
);
const KINDS = ["predicate", "choice", "score"];
const Question = refusing(
  Type.Union([Predicate, Choice, Score], { description: "A question." }),
  (value, path) =>
    isRecord(value) && KINDS.includes(String(value.type))
      ? undefined
      : `${indexed(path)}: type must be "predicate", "choice" or "score"`,
);
export type DecisionQuestion = Static<typeof Question>;

export const DecisionRequest = request(
  "DecisionCreateParams",
  "An input, and questions about it.",
  {
    model,
    input: Type.Optional(
      verbatim(Type.Union([Type.String(), Type.Array(Item)], { description: "A text, or a conversation." })),
    ),
    questions: Type.Optional(
      verbatim(
        refusing(Type.Array(Question, { description: "1 to 64 questions." }), (value, path) =>
          Array.isArray(value) ? undefined : `${indexed(path)} must be a list of questions`,
        ),
      ),
    ),
    prompt_cache_key: Type.Optional(text("Accepted: prompts are cached by what they say.")),
    prompt_cache_options: Type.Optional(
      verbatim(Type.Unknown({ description: "Accepted: every prompt is cached as long as there is room." })),
    ),
    safety_identifier: Type.Optional(text("Accepted: nobody is watched.")),
    options,
    keep_alive: keepAlive,
  },
  ["model", "input", "questions"],
);
export type DecisionRequest = Static<typeof DecisionRequest>;

const probability = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const named = nullable(Type.String({ description: "The name of the question; null where it has none." }));
const confidence = probability("1 when one answer has all of the probability, 0 when all have as much.");
const value = Type.Union([Type.String(), Type.Boolean()], { description: "The answer as it was given." });

const PredicateAnswer = reply("DecisionPredicateAnswer", "The answer to a predicate.", {
  type: literal("predicate"),
  name: named,
  probability: probability("That the statement is true."),
});
const ChoiceAnswer = reply("DecisionChoiceAnswer", "The answer to a choice.", {
  type: literal("choice"),
  name: named,
  choice: value,
  confidence,
  probabilities: Type.Array(
    reply("DecisionChoiceProbability", "An answer.", { value, probability: probability("Its probability.") }),
    { description: "Of every answer, in their order; their sum is 1." },
  ),
});
const ScoreAnswer = reply("DecisionScoreAnswer", "The answer to a score.", {
  type: literal("score"),
  name: named,
  score: Type.Number({ minimum: 0, description: "The level to be expected, from 0; it may be between two." }),
  confidence,
  probabilities: Type.Array(
    reply("DecisionLevelProbability", "A level.", {
      label: replyText("What it is called."),
      value: count("Its number, from 0."),
      probability: probability("Its probability."),
    }),
    { description: "Of every level, the lowest first; their sum is 1." },
  ),
});

export const DecisionReply = reply("Decision", "Answers with probabilities.", {
  model: replyText("The model, as the request named it."),
  answers: Type.Array(
    Type.Union([PredicateAnswer, ChoiceAnswer, ScoreAnswer], { description: "An answer." }),
    {
      description:
        "In the order of the questions. None is refused: a local model weighs whatever it is asked.",
    },
  ),
  usage: reply("DecisionUsage", "Token counts.", {
    input_tokens: count("Tokens of the input, once, and of all questions."),
    input_tokens_details: reply("DecisionInputTokens", "Of them.", {
      cached_tokens: count("Tokens of the input that came from the cache."),
      cache_write_tokens: count("Tokens of the input that are in the cache from now on."),
    }),
    output_tokens: count("Tokens of the likeliest answers."),
    output_tokens_details: reply("DecisionOutputTokens", "Of them.", {
      reasoning_tokens: count("0: nothing is thought."),
    }),
    total_tokens: count("Both."),
  }),
});
export type DecisionReply = Static<typeof DecisionReply>;
