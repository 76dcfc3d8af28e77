import { unwrap } from "../../client/index.ts";
import type { Cli } from "../context.ts";

/** The facts of a model that an agent needs. */
export interface ModelFacts {
  /** With its tag. */
  name: string;
  capabilities: readonly string[];
  /** Tokens of context that a request without num_ctx gets; undefined while nobody knows. */
  contextLength: number | undefined;
  /** Tokens that it was trained with; undefined where its file does not say. */
  trainedContext: number | undefined;
}

/** With its tag, as the server lists it. */
const tagged = (model: string): string => (/:[^/]*$/.test(model) ? model : `${model}:latest`);

/** The value of a PARAMETER in the text that `show` has. */
const parameter = (parameters: string | undefined, name: string): number | undefined => {
  const value = new RegExp(`^${name}\\s+(\\d+)$`, "m").exec(parameters ?? "")?.[1];
  return value === undefined ? undefined : Number(value);
};

function trainedContext(info: Record<string, unknown> | undefined): number | undefined {
  const length = Object.entries(info ?? {}).find(([key]) => key.endsWith(".context_length"))?.[1];
  return typeof length === "number" ? length : undefined;
}

async function loadedContext(cli: Cli, name: string): Promise<number | undefined> {
  const { models } = unwrap(await cli.client.api.ps.get());
  return models.find((model) => model.name === name)?.context_length || undefined;
}

/** Asks the server for the facts of a model. @throws LlameroError when the model is not installed. */
export async function modelFacts(cli: Cli, model: string): Promise<ModelFacts> {
  const shown = unwrap(await cli.client.api.show.post({ model }));
  const set = unwrap(await cli.client.api.settings.get({ query: { model } }));
  const name = tagged(model);
  const asked = set.num_ctx ?? parameter(shown.parameters, "num_ctx");
  return {
    name,
    capabilities: shown.capabilities ?? [],
    contextLength: (await loadedContext(cli, name)) ?? asked,
    trainedContext: trainedContext(shown.model_info),
  };
}

/** Loads a model, and tells the context that it has then. The agent's first answer comes the sooner. */
export async function loadForContext(cli: Cli, name: string): Promise<number | undefined> {
  for await (const _ of cli.client.generate({ model: name, prompt: "" })) {
    // The reply only says that the model is loaded.
  }
  return loadedContext(cli, name);
}

/** The models here that can call tools. */
export async function modelsWithTools(cli: Cli): Promise<string[]> {
  const { models } = unwrap(await cli.client.api.tags.get());
  return models.filter(({ capabilities = [] }) => capabilities.includes("tools")).map(({ name }) => name);
}
