import type { InferenceDeps } from "../../inference/deps.ts";
import type { Translated } from "../../inference/request-options.ts";
import { startAnswer } from "../../inference/start-answer.ts";
import type { GenerateIntent } from "../../intent/generate.ts";
import { type ConnectionTimeouts, holdOpen } from "../wire/hold-open.ts";
import { ndjsonReply } from "../wire/ndjson.ts";
import { logNotices } from "../wire/notices.ts";
import { jsonReply, warningHeaders } from "../wire/reply.ts";
import { abortedWith } from "../wire/stream-reply.ts";
import { answerChunks, type Layout, wholeAnswer } from "./chunks.ts";

export interface AnswerRequest {
  request: Request;
  server: ConnectionTimeouts | null;
  translated: Translated<GenerateIntent>;
  /** The request's `stream` field. */
  stream: boolean;
  layout: Layout;
}

/**
 * The reply of generate and chat: a stream of chunks, or one object when the client wants no stream or nothing is generated.
 *
 * @throws AppError for a failure before the first chunk.
 */
export async function answerReply(asked: AnswerRequest, deps: InferenceDeps): Promise<Response> {
  const { request, server, translated, layout } = asked;
  holdOpen(server, request);
  const abort = abortedWith(request.signal);
  const answer = await startAnswer(translated.intent, deps, abort.signal);
  const notices = [...translated.notices, ...answer.notices];
  logNotices(notices, new URL(request.url).pathname, deps.logger);
  const headers = warningHeaders(notices);
  const frame = { model: translated.intent.model, clock: deps.clock, layout };
  if (!asked.stream || answer.immediate) return jsonReply(await wholeAnswer(answer, frame), { headers });
  return ndjsonReply(answerChunks(answer, frame), abort, headers);
}
