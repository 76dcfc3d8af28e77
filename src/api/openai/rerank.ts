import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { MOST_INPUTS } from "../../inference/limits.ts";
import { answerRank } from "../../inference/rank.ts";
import { keepAliveOf, optionsOf, type Translated } from "../../inference/request-options.ts";
import type { RankIntent, RankResult } from "../../intent/rank.ts";
import { defined } from "../../lib/defined.ts";
import { badRequest } from "../../lib/errors.ts";
import { randomId } from "../../lib/random-id.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { oneObject } from "../wire/describe-route.ts";
import { ENGINE_FAILURES } from "../wire/documented-failures.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { describeOpenaiRoute } from "./describe.ts";
import { CreateRerankReply, RerankReply, RerankRequest } from "./schema/rerank.ts";

type Document = { text: string };
/** A document as the client sent it, which is a text alone or an object with one. */
type GivenDocument = string | Document;
type Ranked<D> = { index: number; relevance_score: number; document?: D };

const asObject = (document: GivenDocument): Document =>
  typeof document === "string" ? { text: document } : document;

function documentsOf({ documents }: RerankRequest): GivenDocument[] {
  if (documents === undefined) throw badRequest("documents is required");
  if (documents.length > MOST_INPUTS) {
    throw badRequest(`documents has more than ${MOST_INPUTS} elements`);
  }
  const empty = documents.findIndex((document) => asObject(document).text.trim() === "");
  if (empty !== -1) throw badRequest(`documents[${empty}] is empty`);
  return documents;
}

interface RerankOrder extends Translated<RankIntent> {
  documents: GivenDocument[];
  /** How many of the documents to reply with. */
  top: number;
  /** Undefined: by the path's default. */
  returnDocuments: boolean | undefined;
}

/** The request of either path in the inner language. @throws AppError `bad_request`. */
function translateRerank(body: RerankRequest): RerankOrder {
  const { model = "", query = "" } = body;
  if (model.trim() === "") throw badRequest("model is required");
  if (query.trim() === "") throw badRequest("query is required");
  const documents = documentsOf(body);
  const options = optionsOf(body.options);
  const documentTokens = body.max_tokens_per_doc;
  return {
    intent: {
      model,
      query,
      documents: documents.map((document) => asObject(document).text),
      ...defined({ documentTokens }),
      truncate: body.truncate ?? true,
      options: options.intent,
      ...keepAliveOf(body),
    },
    documents,
    top: body.top_n ?? documents.length,
    returnDocuments: body.return_documents,
    notices: [...unknownFieldNotices(RerankRequest, body), ...options.notices],
  };
}

/**
 * The best documents first, equal ones in the order of the request.
 * @param shown the form in which a document is sent back; undefined: it is not.
 */
const orderResults = <D>(
  scores: readonly number[],
  { documents, top }: Pick<RerankOrder, "documents" | "top">,
  shown: ((document: GivenDocument) => D) | undefined,
): Ranked<D>[] =>
  scores
    .map((score, index) => ({ index, relevance_score: score }))
    .sort((a, b) => b.relevance_score - a.relevance_score)
    .slice(0, top)
    .map((result) => (shown ? { ...result, document: shown(documents[result.index]!) } : result));

/** How one of the paths replies. */
interface Style<D> {
  returnsDocuments: boolean;
  /** The form in which a document is sent back. */
  shown(document: GivenDocument): D;
}

interface Reranked<D> {
  order: RerankOrder;
  results: Ranked<D>[];
  result: RankResult;
}

async function rerank<D>(
  body: RerankRequest,
  call: Exchange,
  deps: InferenceDeps,
  { returnsDocuments, shown }: Style<D>,
): Promise<Reranked<D>> {
  const order = translateRerank(body);
  const result = await answerRank(order.intent, deps, call);
  call.notices.add([...order.notices, ...result.notices]);
  const wanted = (order.returnDocuments ?? returnsDocuments) ? shown : undefined;
  return { order, results: orderResults(result.scores, order, wanted), result };
}

/** The clients of this path (`ai-sdk-ollama`) need each result's document, as they sent it. */
async function nativeReply(body: RerankRequest, call: Exchange, deps: InferenceDeps): Promise<Response> {
  const style = { returnsDocuments: true, shown: (document: GivenDocument) => document };
  const { order, results, result } = await rerank(body, call, deps, style);
  return call.json(RerankReply, {
    model: order.intent.model,
    results,
    total_duration: result.totalDuration,
    load_duration: result.loadDuration,
    prompt_eval_count: result.promptTokens,
  });
}

/** The reply that clients of Cohere's, Jina's and llama.cpp's servers read. */
async function v1Reply(body: RerankRequest, call: Exchange, deps: InferenceDeps): Promise<Response> {
  const style = { returnsDocuments: false, shown: asObject };
  const { order, results, result } = await rerank(body, call, deps, style);
  return call.json(CreateRerankReply, {
    id: `rerank-${randomId()}`,
    object: "list",
    model: order.intent.model,
    results,
    usage: { prompt_tokens: result.promptTokens, total_tokens: result.promptTokens },
  });
}

const SHARED = {
  description:
    "Puts documents in the order of their relevance to a query, as a model with a ranking head (a cross-encoder) tells it. The score is from 0 to 1: the head's own probability, or the sigmoid of its output.",
  failures: {
    400: `"smollm2" does not support rerank: it takes a model with a ranking head, such as bge-reranker or qwen3-reranker`,
    404: 'model "bge-reranker" not found, try pulling it first',
    ...ENGINE_FAILURES,
  },
};

const rerankDocs = describeNativeRoute({
  operationId: "rerank",
  summary: "Put documents in order of relevance",
  tag: "embed",
  ...SHARED,
  replies: { 200: oneObject("The documents in order.", RerankReply) },
});

const createRerankDocs = describeOpenaiRoute({
  operationId: "createRerank",
  summary: "Put documents in order of relevance (Cohere, Jina, llama.cpp)",
  tag: "openai",
  ...SHARED,
  replies: { 200: oneObject("The documents in order.", CreateRerankReply) },
});

/** POST /api/rerank, and POST /v1/rerank for the clients of other servers. */
export const rerankRoutes = (deps: InferenceDeps) =>
  new Elysia({ name: "openai.rerank" })
    .post(
      "/api/rerank",
      ({ body, request, server }) => nativeReply(body, exchange(request, server, deps), deps),
      { ...jsonBody(RerankRequest), response: { 200: RerankReply }, detail: rerankDocs },
    )
    .post("/v1/rerank", ({ body, request, server }) => v1Reply(body, exchange(request, server, deps), deps), {
      ...jsonBody(RerankRequest),
      response: { 200: CreateRerankReply },
      detail: createRerankDocs,
    });
