import { Elysia } from "elysia";
import { countTokens } from "../../../inference/on-demand.ts";
import { type Exchange, exchange } from "../../exchange.ts";
import { jsonBody } from "../../wire/body.ts";
import { oneObject } from "../../wire/describe-route.ts";
import { SEEING_FAILURES } from "../../wire/documented-failures.ts";
import { EMPTY_BODY } from "../../wire/parse-json.ts";
import { describeOpenaiRoute } from "../describe.ts";
import type { ResponseDeps } from "./deps.ts";
import { translateResponse } from "./input/translate.ts";
import { InputTokenCount } from "./schema/item.ts";
import { InputTokensRequest } from "./schema/request.ts";

async function reply(body: InputTokensRequest, call: Exchange, deps: ResponseDeps): Promise<Response> {
  const task = translateResponse(body, InputTokensRequest, deps.responses);
  const { tokens, notices } = await countTokens(task.intent, deps, call);
  call.notices.add([...task.notices, ...notices]);
  return call.json(InputTokenCount, { object: "response.input_tokens", input_tokens: tokens });
}

const inputTokensDocs = describeOpenaiRoute({
  operationId: "countResponseInputTokens",
  summary: "Count the tokens of a prompt (OpenAI)",
  description:
    "How many tokens the prompt of a response would have, what it continues included, by the model's own template and vocabulary. The model is loaded for that.",
  tag: "openai",
  replies: { 200: oneObject("The count.", InputTokenCount) },
  failures: {
    400: "one of input and previous_response_id is required",
    404: "model 'smollm3' not found",
    ...SEEING_FAILURES,
  },
});

/** POST /v1/responses/input_tokens. */
export const inputTokensRoute = (deps: ResponseDeps) =>
  new Elysia({ name: "openai.responses.input-tokens" }).post(
    "/v1/responses/input_tokens",
    ({ body, request, server }) => reply(body, exchange(request, server, deps), deps),
    {
      ...jsonBody(InputTokensRequest, EMPTY_BODY),
      response: { 200: InputTokenCount },
      detail: inputTokensDocs,
    },
  );
