import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import type { GenerateIntent } from "../../intent/generate.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { ENGINE_FAILURES } from "../wire/documented-failures.ts";
import { EMPTY_BODY } from "../wire/parse-json.ts";
import { openaiAnswerReply } from "./answer-reply.ts";
import { completionWriter } from "./completion-writer.ts";
import { describeOpenaiRoute, objectOrEvents } from "./describe.ts";
import { CompletionRequest } from "./schema/completion.ts";
import { Completion } from "./schema/reply.ts";
import { translateCompletion } from "./translate-completion.ts";

const promptText = ({ input }: GenerateIntent): string | undefined =>
  input.type === "completion" && input.tokens === undefined ? input.prompt : undefined;

function reply(body: CompletionRequest, call: Exchange, deps: InferenceDeps): Promise<Response> {
  const translated = translateCompletion(body);
  const writer = completionWriter({
    prompts: translated.intent.length,
    ...(body.echo && { echo: translated.intent.map(promptText) }),
  });
  return openaiAnswerReply({ body, translated, answers: body.n ?? 1, writer }, call, deps);
}

const completionsDocs = describeOpenaiRoute({
  operationId: "createCompletion",
  summary: "Complete prompts (OpenAI)",
  description:
    "OpenAI's older completions. A prompt that is text is rendered with the model's template, as Ollama does it; one that is tokens goes to the model as it is. Several prompts, and several answers to each, are choices one after the other. The model does not think.",
  tag: "openai",
  replies: { 200: objectOrEvents(Completion, Completion) },
  failures: {
    400: "prompt must be a string, an array of tokens, or an array of either",
    404: "model 'smollm3' not found",
    ...ENGINE_FAILURES,
  },
});

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
