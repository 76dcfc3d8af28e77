import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import type { GenerateIntent } from "../../intent/generate.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { EMPTY_BODY } from "../wire/parse-json.ts";
import { answerReply } from "./answer-reply.ts";
import { completionWriter } from "./completion-writer.ts";
import { completionsDocs } from "./docs/completion.ts";
import { CompletionRequest } from "./model/completion.ts";
import { Completion } from "./model/reply.ts";
import { translateCompletion } from "./translate-completion.ts";

const promptText = ({ input }: GenerateIntent): string | undefined =>
  input.type === "completion" && input.tokens === undefined ? input.prompt : undefined;

function reply(body: CompletionRequest, call: Exchange, deps: InferenceDeps): Promise<Response> {
  const translated = translateCompletion(body);
  const writer = completionWriter({
    prompts: translated.intent.length,
    ...(body.echo && { echo: translated.intent.map(promptText) }),
  });
  return answerReply({ body, translated, answers: body.n ?? 1, writer }, call, deps);
}

/** POST /v1/completions (docs/behaviour: api-openai §4). */
export const completionsRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "openai.completions" }).post(
    "/v1/completions",
    ({ body, request, server }) => reply(body, exchange(request, server, deps), deps),
    {
      ...jsonBody(CompletionRequest, EMPTY_BODY),
      response: { 200: Completion },
      detail: completionsDocs,
    },
  );
