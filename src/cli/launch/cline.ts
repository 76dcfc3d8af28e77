import { join } from "node:path";
import { type CodingAgent, keyOrAny, openAiUrl, type Target } from "./agent.ts";

const providers = (target: Target) => ({
  version: 1,
  lastUsedProvider: "ollama",
  modes: {},
  providers: {
    ollama: {
      settings: {
        provider: "ollama",
        apiKey: keyOrAny(target),
        model: target.model,
        baseUrl: openAiUrl(target),
      },
      updatedAt: new Date(0).toISOString(),
      tokenSource: "manual",
    },
  },
});

const state = ({ url, model }: Target) => ({
  welcomeViewCompleted: true,
  ollamaBaseUrl: url,
  actModeApiProvider: "ollama",
  planModeApiProvider: "ollama",
  actModeOllamaModelId: model,
  planModeOllamaModelId: model,
});

/** Keeps its conversations in a folder of its own, apart from the user's. It asks for a context of 32,768 tokens itself. */
export const cline: CodingAgent = {
  title: "Cline",
  program: "cline",
  install: "npm install -g cline",
  leastContext: 0,
  recipe: (target) => {
    const data = join(target.folder, "cline");
    return {
      args: ["--data-dir", data, "-P", "ollama", "-m", target.model],
      files: {
        [join(data, "settings/providers.json")]: JSON.stringify(providers(target), null, 2),
        [join(data, "globalState.json")]: JSON.stringify(state(target), null, 2),
      },
    };
  },
};
