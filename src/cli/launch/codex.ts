import { join } from "node:path";
import { type CodingAgent, KEY_VARIABLE, openAiUrl, type Target } from "./agent.ts";

/** Codex's description of a model; without one it warns and assumes a context of its own. */
const catalog = ({ model, contextLength, sees }: Target) => ({
  models: [
    {
      slug: model,
      display_name: model,
      context_window: contextLength,
      input_modalities: sees ? ["text", "image"] : ["text"],
      truncation_policy: { mode: "bytes", limit: 10_000 },
      base_instructions: "",
      shell_type: "default",
      visibility: "list",
      supported_in_api: true,
      priority: 0,
      supported_reasoning_levels: [],
      support_verbosity: false,
      supports_parallel_tool_calls: false,
      experimental_supported_tools: [],
    },
  ],
});

/** A text as TOML has it. */
const toml = (text: string): string => JSON.stringify(text);

export const codex: CodingAgent = {
  title: "Codex",
  program: "codex",
  install: "npm install -g @openai/codex",
  leastContext: 16_384,
  recipe: (target) => {
    const models = join(target.folder, "codex-models.json");
    // It does not start where the variable that it is told to look at is not set.
    const credentials = target.key === "" ? "" : `, env_key = ${toml(KEY_VARIABLE)}`;
    const provider = `{ name = "llamero", base_url = ${toml(openAiUrl(target))}, wire_api = "responses"${credentials} }`;
    return {
      ...(target.key !== "" && { env: { [KEY_VARIABLE]: target.key } }),
      args: [
        ...["-c", 'model_provider="llamero"'],
        ...["-c", `model_providers.llamero=${provider}`],
        ...["-c", `model_catalog_json=${toml(models)}`],
        // The server runs no search of its own.
        ...["-c", 'web_search="disabled"'],
        ...["-m", target.model],
      ],
      files: { [models]: JSON.stringify(catalog(target), null, 2) },
    };
  },
};
