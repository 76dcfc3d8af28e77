import { Elysia } from "elysia";
import { countTokens } from "../../../inference/count-tokens.ts";
import { jsonBody } from "../../wire/body.ts";
import { type ConnectionTimeouts, holdOpen } from "../../wire/hold-open.ts";
import { NoticeBoard } from "../../wire/notice-board.ts";
import { EMPTY_BODY } from "../../wire/parse-json.ts";
import { jsonReply } from "../../wire/reply.ts";
import type { ResponseDeps } from "./deps.ts";
import { inputTokensDocs } from "./docs/input-tokens.ts";
import { InputTokenCount } from "./model/item.ts";
import { InputTokensRequest } from "./model/request.ts";
import { translateResponse } from "./translate.ts";

async function reply(
  body: InputTokensRequest,
  request: Request,
  server: ConnectionTimeouts | null,
  deps: ResponseDeps,
): Promise<Response> {
  holdOpen(server, request);
  const notices = new NoticeBoard(new URL(request.url).pathname, deps.logger);
  const task = translateResponse(body, InputTokensRequest, deps.responses);
  const { tokens, notices: more } = await countTokens(task.intent, deps, request.signal);
  notices.add([...task.notices, ...more]);
  const counted = { object: "response.input_tokens", input_tokens: tokens };
  return jsonReply(counted, { headers: notices.headers() });
}

/** POST /v1/responses/input_tokens. */
export const inputTokensRoute = (deps: ResponseDeps) =>
  new Elysia({ name: "openai.responses.input-tokens" }).post(
    "/v1/responses/input_tokens",
    ({ body, request, server }) => reply(body, request, server, deps),
    {
      ...jsonBody(InputTokensRequest, EMPTY_BODY),
      response: { 200: InputTokenCount },
      detail: inputTokensDocs,
    },
  );
