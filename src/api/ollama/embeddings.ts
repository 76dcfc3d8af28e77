import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { answerEmbed } from "../../inference/embed.ts";
import { keepAliveOf, optionsOf } from "../../inference/request-options.ts";
import { badRequest } from "../../lib/errors.ts";
import { jsonBody } from "../wire/body.ts";
import { holdOpen } from "../wire/hold-open.ts";
import { logNotices, unknownFieldNotices } from "../wire/notices.ts";
import { jsonReply, warningHeaders } from "../wire/reply.ts";
import { abortedWith } from "../wire/stream-reply.ts";
import { embeddingsDocs } from "./docs/embed.ts";
import { EmbeddingsReply, EmbeddingsRequest } from "./model/embed.ts";

async function embeddings(body: EmbeddingsRequest, request: Request, deps: InferenceDeps): Promise<Response> {
  const model = body.model ?? "";
  if (model.trim() === "") throw badRequest("model is required");
  const options = optionsOf(body.options);
  const notices = [...unknownFieldNotices(EmbeddingsRequest, body), ...options.notices];
  logNotices(notices, "/api/embeddings", deps.logger);
  const intent = {
    model,
    inputs: body.prompt ? [body.prompt] : [],
    truncate: false,
    dimensions: 0,
    normalize: false,
    options: options.intent,
    ...keepAliveOf(body),
  };
  const result = await answerEmbed(intent, deps, abortedWith(request.signal).signal);
  const [vector = new Float32Array()] = result.embeddings;
  return jsonReply({ embedding: Array.from(vector) }, { headers: warningHeaders(notices) });
}

/** POST /api/embeddings (spec: api-native §7). */
export const embeddingsRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "ollama.embeddings" }).post(
    "/api/embeddings",
    ({ body, request, server }) => {
      holdOpen(server, request);
      return embeddings(body, request, deps);
    },
    {
      ...jsonBody(EmbeddingsRequest),
      response: { 200: EmbeddingsReply },
      detail: embeddingsDocs,
    },
  );
