import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { countTokens } from "../../inference/on-demand.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { EMPTY_BODY } from "../wire/parse-json.ts";
import { countTokensDocs } from "./docs/count-tokens.ts";
import { TokensCount } from "./model/reply.ts";
import { CountTokensRequest } from "./model/request.ts";
import { newRequestId, requestIdHeader } from "./request-id.ts";
import { translateCount } from "./translate.ts";

async function reply(body: CountTokensRequest, call: Exchange, deps: InferenceDeps): Promise<Response> {
  const { intent, notices } = translateCount(body);
  call.notices.add(notices);
  const count = await countTokens(intent, deps, call);
  call.notices.add(count.notices);
  return call.json(TokensCount, { input_tokens: count.tokens });
}

/** POST /v1/messages/count_tokens: Anthropic's; Ollama lacks it (docs/behaviour: api-openai §11). */
export const countTokensRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "anthropic.count-tokens" }).post(
    "/v1/messages/count_tokens",
    ({ body, request, server }) =>
      reply(body, exchange(request, server, deps, requestIdHeader(newRequestId())), deps),
    { ...jsonBody(CountTokensRequest, EMPTY_BODY), response: { 200: TokensCount }, detail: countTokensDocs },
  );
