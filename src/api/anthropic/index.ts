import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { countTokensRoute } from "./count-tokens.ts";
import { messagesRoute } from "./messages.ts";

/** Anthropic's API (docs/behaviour: api-openai §9). */
export const anthropicApi = (deps: InferenceDeps) =>
  new Elysia({ name: "anthropic" }).use(messagesRoute(deps)).use(countTokensRoute(deps));
