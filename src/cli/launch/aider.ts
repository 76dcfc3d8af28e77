import type { Agent } from "./agent.ts";

/** Sends num_ctx with every request, by the length of its prompt. */
export const aider: Agent = {
  title: "aider",
  program: "aider",
  install: "pip install aider-chat",
  leastContext: 0,
  recipe: ({ url, model }) => ({
    env: { OLLAMA_API_BASE: url },
    args: ["--model", `ollama_chat/${model}`],
  }),
};
