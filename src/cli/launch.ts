import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { printHost, reachableHost } from "../config/host.ts";
import { type ParsedArgv, UsageError } from "./argv.ts";
import type { Cli } from "./context.ts";
import type { CodingAgent, Recipe, Target } from "./launch/agent.ts";
import { findAgent } from "./launch/agents.ts";
import { loadForContext, type ModelFacts, modelFacts, modelsWithTools } from "./launch/model.ts";
import { recipeText } from "./launch/show-recipe.ts";
import { largerVariant } from "./launch/variant.ts";

/** The context that `--config` shows for a model whose context is unknown before it is loaded. */
const ASSUMED_CONTEXT = 4096;

/** The model that the user names, or the only one that will do. @throws UsageError where there are several, or none. */
async function chooseModel(cli: Cli, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const models = await modelsWithTools(cli);
  const [only, ...others] = models;
  if (only === undefined) throw new UsageError("no model here can call tools: pull one that can");
  if (others.length > 0) throw new UsageError(`say which model with --model: ${models.join(", ")}`);
  return only;
}

function targetOf(cli: Cli, { name, capabilities, contextLength = ASSUMED_CONTEXT }: ModelFacts): Target {
  const host = reachableHost(cli.config.host);
  if (host.unix !== undefined) throw new Error("agents need a TCP address: OLLAMA_HOST names a unix socket");
  return {
    url: printHost(host),
    key: cli.config.apiKey,
    model: name,
    contextLength,
    sees: capabilities.includes("vision"),
    thinks: capabilities.includes("thinking"),
    folder: join(cli.config.homeDir, "launch"),
  };
}

/** The facts of a model that will do for the agent, which may be a variant that the user agrees to. */
async function suitableModel(cli: Cli, agent: CodingAgent, facts: ModelFacts): Promise<ModelFacts> {
  const known = { ...facts, contextLength: facts.contextLength ?? (await loadForContext(cli, facts.name)) };
  if ((known.contextLength ?? 0) >= agent.leastContext) return known;
  return modelFacts(cli, await largerVariant(cli, agent, known));
}

async function write(files: Recipe["files"] = {}): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // A key may be in it.
    await Bun.write(path, content, { mode: 0o600 });
    await chmod(path, 0o600);
  }
}

/** Starts an agent, and waits for its end. @returns its exit code. */
async function start(cli: Cli, agent: CodingAgent, recipe: Recipe, own: readonly string[]): Promise<number> {
  await write(recipe.files);
  const argv = [agent.program, ...(recipe.args ?? []), ...own];
  const code = await cli.runProgram(argv, recipe.env ?? {});
  if (code !== undefined) return code;
  throw new Error(
    `${agent.title} is not installed: there is no ${agent.program} on the PATH (${agent.install})`,
  );
}

/**
 * Starts a coding agent that uses this server, and no other: `llamero launch claude --model M -- --continue`. The settings for the agent
 * go into its environment, its arguments and files of ours; the user's own settings stay as they are.
 *
 * @returns the agent's exit code.
 */
export async function launch(cli: Cli, argv: ParsedArgv): Promise<number> {
  const [name = "", ...own] = argv.args;
  const agent = findAgent(name);
  const facts = await modelFacts(cli, await chooseModel(cli, argv.text("model")));
  if (!facts.capabilities.includes("tools")) {
    throw new Error(`${facts.name} cannot call tools, and ${agent.title} can do nothing without`);
  }
  if (argv.boolean("config") === true) {
    cli.stdout.write(recipeText(agent.program, agent.recipe(targetOf(cli, facts)), cli.config.apiKey));
    return 0;
  }
  const model = await suitableModel(cli, agent, facts);
  return start(cli, agent, agent.recipe(targetOf(cli, model)), own);
}
