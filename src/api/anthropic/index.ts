import { Elysia } from "elysia";
import type { AnswerDeps } from "../answer/deps.ts";
import { countTokensRoute } from "./count-tokens.ts";
import { messagesRoute } from "./messages.ts";

/** Anthropic's API (spec: api-openai §9). */
export const anthropicApi = (deps: AnswerDeps) =>
  new Elysia({ name: "anthropic" }).use(messagesRoute(deps)).use(countTokensRoute(deps));
