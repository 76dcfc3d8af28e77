import type { TSchema } from "@sinclair/typebox";
import { describeRoute } from "../../wire/describe-native.ts";
import { type RouteDescription, routeDescriber } from "../../wire/describe-route.ts";
import { ENGINE_FAILURES } from "../../wire/documented-failures.ts";
import { OpenAiError, openAiErrorBody } from "../../wire/openai-error.ts";
import { CreateRerankReply, RerankReply } from "../model/rerank.ts";

const model = "bge-reranker";
const query = "Why is the sky blue?";
const documents = ["Grass is green.", "Air scatters blue light more than red."];
const place = { index: 1, relevance_score: 0.93 };

const jsonReplyOf = (schema: TSchema, value: object) => ({
  200: {
    description: "The documents in order.",
    content: { "application/json": { schema, examples: { best: { summary: "The best one", value } } } },
  },
});

const SHARED: Pick<RouteDescription, "requests" | "failures"> = {
  requests: {
    best: {
      summary: "The best of two",
      value: { model, query, documents, top_n: 1, return_documents: true },
    },
  },
  failures: {
    400: `"smollm2" does not support rerank: it takes a model with a ranking head, such as bge-reranker or qwen3-reranker`,
    404: 'model "bge-reranker" not found, try pulling it first',
    ...ENGINE_FAILURES,
  },
};

const DESCRIPTION =
  "Puts documents in the order of their relevance to a query, as a model with a ranking head (a cross-encoder) tells it. The score is from 0 to 1: the head's own probability, or the sigmoid of its output.";

export const rerankDocs = describeRoute({
  operationId: "rerank",
  summary: "Put documents in order of relevance",
  description: DESCRIPTION,
  tag: "embed",
  ...SHARED,
  replies: jsonReplyOf(RerankReply, {
    model,
    results: [{ ...place, document: documents[1] }],
    total_duration: 14_143_917,
    load_duration: 1_019_500,
    prompt_eval_count: 31,
  }),
});

export const createRerankDocs = routeDescriber(OpenAiError, (message, status) =>
  openAiErrorBody({ message, status }),
)({
  operationId: "createRerank",
  summary: "Put documents in order of relevance (Cohere, Jina, llama.cpp)",
  description: DESCRIPTION,
  tag: "openai",
  ...SHARED,
  replies: jsonReplyOf(CreateRerankReply, {
    id: "rerank-4k2v0c9x1qzp7m3n8b5t6w1y",
    object: "list",
    model,
    results: [{ ...place, document: { text: documents[1] } }],
    usage: { prompt_tokens: 31, total_tokens: 31 },
  }),
});
