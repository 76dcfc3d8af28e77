import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { answerEmbed } from "../../inference/embed.ts";
import { keepAliveOf, optionsOf } from "../../inference/request-options.ts";
import type { EmbedInput } from "../../intent/embed.ts";
import { badRequest } from "../../lib/errors.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { oneObject } from "../wire/describe-route.ts";
import { SEEING_FAILURES } from "../wire/documented-failures.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { EmbeddingsReply, EmbeddingsRequest } from "./schema/embed.ts";

function inputsOf({ prompt = "", images = [] }: EmbeddingsRequest): EmbedInput[] {
  if (images.length > 0) return [{ content: prompt, images }];
  return prompt === "" ? [] : [prompt];
}

async function embeddings(body: EmbeddingsRequest, call: Exchange, deps: InferenceDeps): Promise<Response> {
  const model = body.model ?? "";
  if (model.trim() === "") throw badRequest("model is required");
  const options = optionsOf(body.options);
  call.notices.add([...unknownFieldNotices(EmbeddingsRequest, body), ...options.notices]);
  const intent = {
    model,
    inputs: inputsOf(body),
    truncate: false,
    dimensions: 0,
    normalize: false,
    options: options.intent,
    ...keepAliveOf(body),
  };
  const result = await answerEmbed(intent, deps, call);
  const [vector = new Float32Array()] = result.embeddings;
  return call.json(EmbeddingsReply, { embedding: Array.from(vector) });
}

const embeddingsDocs = describeNativeRoute({
  operationId: "embedText",
  summary: "Embed one text (older form)",
  description:
    "The model's vector as it is: not scaled, and the text is never cut to fit. `/api/embed` does more.",
  tag: "embed",
  deprecated: true,
  replies: { 200: oneObject("The vector.", EmbeddingsReply) },
  failures: {
    400: "model is required",
    404: 'model "smollm3" not found, try pulling it first',
    ...SEEING_FAILURES,
  },
});

/** POST /api/embeddings (docs/behaviour: api-native §7). */
export const embeddingsRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "ollama.embeddings" }).post(
    "/api/embeddings",
    ({ body, request, server }) => embeddings(body, exchange(request, server, deps), deps),
    { ...jsonBody(EmbeddingsRequest), response: { 200: EmbeddingsReply }, detail: embeddingsDocs },
  );
