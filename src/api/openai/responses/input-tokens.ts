import { Elysia } from "elysia";
import { countTokens } from "../../../inference/on-demand.ts";
import { type Exchange, exchange } from "../../exchange.ts";
import { jsonBody } from "../../wire/body.ts";
import { EMPTY_BODY } from "../../wire/parse-json.ts";
import type { ResponseDeps } from "./deps.ts";
import { inputTokensDocs } from "./docs/input-tokens.ts";
import { translateResponse } from "./input/translate.ts";
import { InputTokenCount } from "./model/item.ts";
import { InputTokensRequest } from "./model/request.ts";

async function reply(body: InputTokensRequest, call: Exchange, deps: ResponseDeps): Promise<Response> {
  const task = translateResponse(body, InputTokensRequest, deps.responses);
  const { tokens, notices } = await countTokens(task.intent, deps, call);
  call.notices.add([...task.notices, ...notices]);
  return call.json(InputTokenCount, { object: "response.input_tokens", input_tokens: tokens });
}

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
