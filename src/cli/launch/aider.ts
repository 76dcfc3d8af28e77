import { type CodingAgent, KEY_VARIABLE, keyOrAny } from "./agent.ts";

/** Sends num_ctx with every request, by the length of its prompt. */
export const aider: CodingAgent = {
  title: "aider",
  program: "aider",
  install: "pip install aider-chat",
  leastContext: 0,
  recipe: (target) => ({
    env: { OLLAMA_API_BASE: target.url, [KEY_VARIABLE]: keyOrAny(target) },
    args: ["--model", `ollama_chat/${target.model}`],
  }),
};
