import type { Lease, Ranking, Requester } from "../engine/port.ts";
import type { RankIntent, RankResult } from "../intent/rank.ts";
import { AppError, badRequest } from "../lib/errors.ts";
import { planLoad } from "./acquire.ts";
import type { InferenceDeps } from "./deps.ts";
import { checkTextLength, inputLimit } from "./limits.ts";
import { PairMaker, type RankPair } from "./rank-pair.ts";
import { usedFor } from "./used-for.ts";

/** More documents than an interactive search has to rank make a batch. */
const MANY_DOCUMENTS = 64;

const unable = (model: string): AppError =>
  badRequest(
    `"${model}" does not support rerank: it takes a model with a ranking head, such as bge-reranker or qwen3-reranker`,
  );

/**
 * The first output of a ranking head as a relevance from 0 to 1, as Cohere, Jina and sentence-transformers tell it.
 *
 * @throws AppError `engine` for what is no number.
 */
function relevance(outputs: Float32Array, { scores }: Ranking): number {
  const [first = Number.NaN] = outputs;
  const score = scores === "logit" ? 1 / (1 + Math.exp(-first)) : first;
  if (!Number.isFinite(score)) throw new AppError("engine", "the model gave a score that is not a number");
  return score;
}

async function pairsOf(
  { query, documents, truncate, documentTokens = Number.POSITIVE_INFINITY }: RankIntent,
  limit: number,
  { pair }: Ranking,
  lease: Lease,
): Promise<RankPair[]> {
  const maker = await PairMaker.of(pair, query, lease);
  if (maker.room(limit) < 1) {
    throw badRequest(`the query leaves no room for a document in the context length of ${limit} tokens`);
  }
  const pairs = await Promise.all(
    documents.map((document) => maker.make(document, { pair: limit, document: documentTokens })),
  );
  if (truncate) return pairs;
  const long = documents.findIndex((_, index) => pairs[index]!.cut);
  if (long === -1) return pairs;
  throw badRequest(`document ${long} exceeds the context length`);
}

/**
 * Tells how relevant documents are to a query, by the model's ranking head. The engine reads as many documents at a time as fit.
 *
 * A client that leaves cancels the work, a load that others wait for excepted.
 *
 * @param requester its signal fires when the client leaves.
 * @throws AppError; any failure fails the whole request.
 */
export async function answerRank(
  intent: RankIntent,
  deps: InferenceDeps,
  requester: Requester,
): Promise<RankResult> {
  const start = deps.clock.nanos();
  const { model, numCtx, notices, spec, acquire } = planLoad(
    { ...intent, batch: intent.documents.length > MANY_DOCUMENTS },
    deps,
    requester,
  );
  requester.works?.("rerank", model.shortName);
  if (!model.ranks) throw unable(intent.model);
  checkTextLength(intent.query, "the query");
  for (const [index, document] of intent.documents.entries()) checkTextLength(document, `document ${index}`);
  await using lease = await deps.engine.acquire(spec, acquire);
  const { ranking } = lease.info;
  if (ranking === undefined) throw unable(intent.model);
  const limit = inputLimit(numCtx, model.trainedContext, lease.info);
  const pairs = await pairsOf(intent, limit, ranking, lease);
  const outputs = await lease.embed(
    pairs.map(({ tokens }) => tokens),
    requester.signal,
  );
  const promptTokens = pairs.reduce((sum, { tokens }) => sum + tokens.length, 0);
  requester.used?.(usedFor(model, promptTokens, lease));
  return {
    scores: outputs.map((each) => relevance(each, ranking)),
    promptTokens,
    totalDuration: deps.clock.nanos() - start,
    loadDuration: lease.loadDuration,
    notices: [...notices, ...cutNotices(pairs)],
  };
}

function cutNotices(pairs: readonly RankPair[]): RankResult["notices"] {
  const cut = pairs.filter((pair) => pair.cut).length;
  if (cut === 0) return [];
  return [{ code: "truncated", message: `${cut} of ${pairs.length} documents cut to fit` }];
}
