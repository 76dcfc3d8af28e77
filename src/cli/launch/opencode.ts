import { type CodingAgent, keyOrAny, openAiUrl, type Target } from "./agent.ts";

/** Part of the context that an answer may take. */
const ANSWER_SHARE = 0.25;

const config = (target: Target) => ({
  $schema: "https://opencode.ai/config.json",
  provider: {
    llamero: {
      npm: "@ai-sdk/openai-compatible",
      name: "llamero",
      options: { baseURL: openAiUrl(target), apiKey: keyOrAny(target) },
      models: {
        [target.model]: {
          name: target.model,
          limit: {
            context: target.contextLength,
            output: Math.floor(target.contextLength * ANSWER_SHARE),
          },
        },
      },
    },
  },
  model: `llamero/${target.model}`,
  small_model: `llamero/${target.model}`,
});

export const opencode: CodingAgent = {
  title: "opencode",
  program: "opencode",
  install: "npm install -g opencode-ai",
  leastContext: 16_384,
  // Merged with the user's own configuration.
  recipe: (target) => ({ env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(config(target)) } }),
};
