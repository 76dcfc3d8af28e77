import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { countTokens } from "../../inference/on-demand.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { SEEING_FAILURES } from "../wire/documented-failures.ts";
import { EMPTY_BODY } from "../wire/parse-json.ts";
import { describeAnthropicRoute } from "./describe.ts";
import { newRequestId, requestIdHeader } from "./request-id.ts";
import { TokensCount } from "./schema/reply.ts";
import { CountTokensRequest } from "./schema/request.ts";
import { translateCount } from "./translate.ts";

async function reply(body: CountTokensRequest, call: Exchange, deps: InferenceDeps): Promise<Response> {
  const { intent, notices } = translateCount(body);
  call.notices.add(notices);
  const count = await countTokens(intent, deps, call);
  call.notices.add(count.notices);
  return call.json(TokensCount, { input_tokens: count.tokens });
}

const countTokensDocs = describeAnthropicRoute({
  operationId: "countMessageTokens",
  summary: "Measure a conversation (Anthropic)",
  description:
    "The length of the prompt that the same conversation, tools and system prompt make, by the model's own template and vocabulary, whether it fits the context or not. The model is loaded if it is not.",
  tag: "anthropic",
  replies: { 200: { description: "The count.", content: { "application/json": TokensCount } } },
  failures: { 400: "messages is required", 404: "model 'smollm3' not found", ...SEEING_FAILURES },
});

/** POST /v1/messages/count_tokens: Anthropic's; Ollama lacks it (docs/behaviour: api-openai §11). */
export const countTokensRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "anthropic.count-tokens" }).post(
    "/v1/messages/count_tokens",
    ({ body, request, server }) =>
      reply(body, exchange(request, server, deps, requestIdHeader(newRequestId())), deps),
    { ...jsonBody(CountTokensRequest, EMPTY_BODY), response: { 200: TokensCount }, detail: countTokensDocs },
  );
