import { type ExampleBook, example } from "../../wire/examples.ts";

const model = "smollm2";
const ticket = "I was charged twice. Please refund me, I am not amused.";

/** Examples of typed questions. */
export const decisionsExamples: ExampleBook = {
  systemOne: {
    requests: {
      ticket: example("A customer's mail", {
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
      }),
    },
    replies: {
      "200 application/json": {
        ticket: example("A customer's mail", {
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
      },
    },
  },
  createDecision: {
    requests: {
      ticket: example("A customer's mail", {
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
      }),
    },
    replies: {
      "200 application/json": {
        ticket: example("A customer's mail", {
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
      },
    },
  },
};
