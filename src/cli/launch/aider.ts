import { type Agent, KEY_VARIABLE, keyOf } from "./agent.ts";

/** Sends num_ctx with every request, by the length of its prompt. */
export const aider: Agent = {
  title: "aider",
  program: "aider",
  install: "pip install aider-chat",
  leastContext: 0,
  recipe: (target) => ({
    env: { OLLAMA_API_BASE: target.url, [KEY_VARIABLE]: keyOf(target) },
    args: ["--model", `ollama_chat/${target.model}`],
  }),
};
