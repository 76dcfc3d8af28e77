import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { answerEmbed } from "../../inference/embed.ts";
import { keepAliveOf, optionsOf } from "../../inference/request-options.ts";
import type { EmbedInput } from "../../intent/embed.ts";
import { badRequest } from "../../lib/errors.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { unknownFieldNotices } from "../wire/notices.ts";
import { embeddingsDocs } from "./docs/embed.ts";
import { EmbeddingsReply, EmbeddingsRequest } from "./model/embed.ts";

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

/** POST /api/embeddings (docs/behaviour: api-native §7). */
export const embeddingsRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "ollama.embeddings" }).post(
    "/api/embeddings",
    ({ body, request, server }) => embeddings(body, exchange(request, server, deps), deps),
    { ...jsonBody(EmbeddingsRequest), response: { 200: EmbeddingsReply }, detail: embeddingsDocs },
  );
