import { join } from "node:path";
import { type CodingAgent, KEY_VARIABLE, keyOrAny, openAiUrl, type Target } from "./agent.ts";

/** An extension that adds the server to the user's own providers. */
function extension(target: Target): string {
  const { model, contextLength, sees, thinks } = target;
  const provider = {
    name: "llamero",
    baseUrl: openAiUrl(target),
    // The name of a variable: a key is not written into a file.
    apiKey: KEY_VARIABLE,
    api: "openai-completions",
    models: [
      {
        id: model,
        name: model,
        reasoning: thinks,
        input: sees ? ["text", "image"] : ["text"],
        cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
        contextWindow: contextLength,
        maxTokens: Math.floor(contextLength / 4),
      },
    ],
  };
  return `export default (pi) => pi.registerProvider("llamero", ${JSON.stringify(provider, null, 2)});\n`;
}

export const pi: CodingAgent = {
  title: "pi",
  program: "pi",
  install: "npm install -g @mariozechner/pi-coding-agent",
  leastContext: 8192,
  recipe: (target) => {
    const path = join(target.folder, "pi.js");
    return {
      env: { [KEY_VARIABLE]: keyOrAny(target) },
      args: ["--extension", path, "--provider", "llamero", "--model", target.model],
      files: { [path]: extension(target) },
    };
  },
};
