import { Elysia } from "elysia";
import { countTokens } from "../../inference/count-tokens.ts";
import type { InferenceDeps } from "../../inference/deps.ts";
import { jsonBody } from "../wire/body.ts";
import { type ConnectionTimeouts, holdOpen } from "../wire/hold-open.ts";
import { NoticeBoard } from "../wire/notice-board.ts";
import { EMPTY_BODY } from "../wire/parse-json.ts";
import { jsonReply } from "../wire/reply.ts";
import { countTokensDocs } from "./docs/count-tokens.ts";
import { TokensCount } from "./model/reply.ts";
import { CountTokensRequest } from "./model/request.ts";
import { newRequestId, requestIdHeader } from "./request-id.ts";
import { translateCount } from "./translate.ts";

async function reply(
  body: CountTokensRequest,
  request: Request,
  server: ConnectionTimeouts | null,
  deps: InferenceDeps,
): Promise<Response> {
  const { intent, notices } = translateCount(body);
  holdOpen(server, request);
  const board = new NoticeBoard(new URL(request.url).pathname, deps.logger);
  board.add(notices);
  const count = await countTokens(intent, deps, request.signal);
  board.add(count.notices);
  return jsonReply(
    { input_tokens: count.tokens },
    { headers: { ...requestIdHeader(newRequestId()), ...board.headers() } },
  );
}

/** POST /v1/messages/count_tokens: Anthropic's; Ollama lacks it (spec: api-openai §11). */
export const countTokensRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "anthropic.count-tokens" }).post(
    "/v1/messages/count_tokens",
    ({ body, request, server }) => reply(body, request, server, deps),
    { ...jsonBody(CountTokensRequest, EMPTY_BODY), response: { 200: TokensCount }, detail: countTokensDocs },
  );
