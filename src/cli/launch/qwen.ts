import { type CodingAgent, keyOrAny, openAiUrl } from "./agent.ts";

export const qwen: CodingAgent = {
  title: "Qwen Code",
  program: "qwen",
  install: "npm install -g @qwen-code/qwen-code",
  leastContext: 32_768,
  recipe: (target) => ({
    env: { OPENAI_API_KEY: keyOrAny(target), OPENAI_BASE_URL: openAiUrl(target), OPENAI_MODEL: target.model },
    args: ["--auth-type", "openai"],
  }),
};
