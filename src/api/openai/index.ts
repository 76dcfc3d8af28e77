import { Elysia } from "elysia";
import { chatCompletionsRoute } from "./chat-completions.ts";
import { completionsRoute } from "./completions.ts";
import { decisionRoutes } from "./decisions/index.ts";
import { openaiEmbeddingsRoute } from "./embeddings.ts";
import { modelsRoute } from "./models.ts";
import { rerankRoutes } from "./rerank.ts";
import type { ResponseDeps } from "./responses/deps.ts";
import { responsesApi } from "./responses/index.ts";
import { transcriptionsRoute } from "./transcriptions.ts";

/** OpenAI's API (docs/behaviour: api-openai). */
export const openaiApi = (deps: ResponseDeps) =>
  new Elysia({ name: "openai" })
    .use(chatCompletionsRoute(deps))
    .use(completionsRoute(deps))
    .use(openaiEmbeddingsRoute(deps))
    .use(modelsRoute(deps))
    .use(transcriptionsRoute(deps))
    .use(responsesApi(deps))
    .use(rerankRoutes(deps))
    .use(decisionRoutes(deps));
