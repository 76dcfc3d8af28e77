import { type CodingAgent, openAiUrl } from "./agent.ts";

export const copilot: CodingAgent = {
  title: "GitHub Copilot CLI",
  program: "copilot",
  install: "npm install -g @github/copilot",
  leastContext: 16_384,
  recipe: (target) => ({
    env: {
      COPILOT_PROVIDER_BASE_URL: openAiUrl(target),
      COPILOT_PROVIDER_API_KEY: target.key,
      COPILOT_PROVIDER_WIRE_API: "responses",
      COPILOT_MODEL: target.model,
    },
  }),
};
