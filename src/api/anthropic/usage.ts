import type { Usage as Counted } from "../../intent/generate.ts";
import type { AnthropicUsage } from "./schema/reply.ts";

/** Token counts as Anthropic has them: cached tokens do not count as input. */
export const wireUsage = ({
  promptTokens,
  cachedTokens,
  generatedTokens,
}: Pick<Counted, "promptTokens" | "cachedTokens" | "generatedTokens">): AnthropicUsage => ({
  input_tokens: promptTokens - cachedTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: cachedTokens,
  cache_creation: null,
  output_tokens: generatedTokens,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: "standard",
  inference_geo: null,
  speed: null,
});
