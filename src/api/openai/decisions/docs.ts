import type { TSchema } from "@sinclair/typebox";
import { routeDescriber } from "../../wire/describe-route.ts";
import { SEEING_FAILURES } from "../../wire/documented-failures.ts";
import { OpenAiError, openAiErrorBody } from "../../wire/openai-error.ts";
import { DecisionReply } from "./model-decisions.ts";
import { SystemOneReply } from "./model-systemone.ts";

const describe = routeDescriber(OpenAiError, (message, status) => openAiErrorBody({ message, status }));

const model = "smollm2:135m";
const ticket = "I was charged twice. Please refund me, I am not amused.";

const answers = (schema: TSchema, value: object) => ({
  200: {
    description: "The answers.",
    content: {
      "application/json": { schema, examples: { ticket: { summary: "A customer's mail", value } } },
    },
  },
});

const DESCRIPTION =
  "Answers questions about one input with probabilities instead of prose, with any model that chats. The input is evaluated once; from there each answer to each question is weighed by how likely the model is to give it, token for token, compared with an input that says nothing.";

const failures = {
  400: '"all-minilm" does not support decisions: they take a model that chats',
  404: "model 'smollm2:135m' not found",
  ...SEEING_FAILURES,
};

export const systemOneDocs = describe({
  operationId: "systemOne",
  summary: "Answer typed questions with probabilities (System One)",
  description: `${DESCRIPTION} The body may be a form as well (\`multipart/form-data\`): this JSON in its part \`request\`, and files in the parts that \`assets\` name.`,
  tag: "openai",
  failures,
  requests: {
    ticket: {
      summary: "A customer's mail",
      value: {
        model,
        state: ticket,
        questions: {
          refund: { type: "noul", instructions: "Does the customer want money back?" },
          team: {
            type: "choice",
            instructions: "Which team is to answer?",
            criteria: { billing: "Payments and refunds", technical: "Bugs and errors" },
          },
          mood: {
            type: "score",
            instructions: "How content is the customer?",
            criteria: ["Angry", "Neutral", "Happy"],
          },
        },
      },
    },
  },
  replies: answers(SystemOneReply, {
    model,
    answers: {
      refund: { type: "noul", noul: 0.97 },
      team: {
        type: "choice",
        choice: "billing",
        probabilities: { billing: 0.9, technical: 0.1 },
        confidence: 0.8,
      },
      mood: {
        type: "score",
        score: 0.25,
        legend: { "0": "Angry", "1": "Neutral", "2": "Happy" },
        probabilities: { "0": 0.8, "1": 0.15, "2": 0.05 },
        confidence: 0.7,
      },
    },
    usage: { input_tokens: 164, output_tokens: 3 },
  }),
});

export const decisionDocs = describe({
  operationId: "createDecision",
  summary: "Answer typed questions with probabilities (OpenAI)",
  description: DESCRIPTION,
  tag: "openai",
  failures,
  requests: {
    ticket: {
      summary: "A customer's mail",
      value: {
        model,
        input: ticket,
        questions: [
          { type: "predicate", name: "refund", instructions: "The customer wants money back." },
          {
            type: "choice",
            instructions: "Which team is to answer?",
            choices: [{ value: "billing", description: "Payments and refunds" }, { value: "technical" }],
          },
        ],
      },
    },
  },
  replies: answers(DecisionReply, {
    model,
    answers: [
      { type: "predicate", name: "refund", probability: 0.97 },
      {
        type: "choice",
        name: null,
        choice: "billing",
        confidence: 0.8,
        probabilities: [
          { value: "billing", probability: 0.9 },
          { value: "technical", probability: 0.1 },
        ],
      },
    ],
    usage: {
      input_tokens: 121,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 45 },
      output_tokens: 2,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 123,
    },
  }),
});
