import { Elysia } from "elysia";
import type { AnswerDeps } from "../answer/deps.ts";
import { chatCompletionsRoute } from "./chat-completions.ts";
import { completionsRoute } from "./completions.ts";
import { embeddingsRoute } from "./embeddings.ts";
import { modelsRoute } from "./models.ts";

/** OpenAI's API (spec: api-openai). */
export const openaiApi = (deps: AnswerDeps) =>
  new Elysia({ name: "openai" })
    .use(chatCompletionsRoute(deps))
    .use(completionsRoute(deps))
    .use(embeddingsRoute(deps))
    .use(modelsRoute(deps));
