import type { Cli } from "../context.ts";
import type { CodingAgent } from "./agent.ts";
import type { ModelFacts } from "./model.ts";

/** Tokens of context that suit all agents, where the model was trained with as many. */
const GOOD_CONTEXT = 65_536;

/** The name of the same model with another context: `qwen3:8b` becomes `qwen3:8b-64k`. */
const variantName = (model: string, context: number): string => `${model}-${Math.floor(context / 1024)}k`;

const isYes = (answer: string): boolean => /^y(es)?$/i.test(answer.trim());

async function create(cli: Cli, from: string, model: string, context: number): Promise<void> {
  for await (const _ of cli.client.create({ model, from, parameters: { num_ctx: context } })) {
    // A variant shares the weights: it is there in a moment.
  }
  cli.stderr.write(`created ${model}\n`);
}

/**
 * A variant of a model with a context that is large enough for an agent, made with the user's consent.
 *
 * @param facts of a model whose context is too small.
 * @throws Error where the model was trained with less, where there is no terminal to ask on, and where the user declines.
 */
export async function largerVariant(cli: Cli, agent: CodingAgent, facts: ModelFacts): Promise<string> {
  const { name, contextLength, trainedContext = GOOD_CONTEXT } = facts;
  const least = agent.leastContext;
  if (trainedContext < least) {
    throw new Error(
      `${agent.title} needs a context of ${least} tokens, and ${name} was trained with ${trainedContext}: choose another model`,
    );
  }
  const context = Math.min(GOOD_CONTEXT, trainedContext);
  const variant = variantName(name, context);
  const why = `${agent.title} needs a context of ${least} tokens, and ${name} gets ${contextLength}`;
  if (!cli.stdin.isTerminal) {
    throw new Error(
      `${why}: start this on a terminal, or set it with: ${cli.program} set ${name} num_ctx=${context}`,
    );
  }
  const answer = await cli.ask(`${why}.\nCreate ${variant}, the same model with ${context} tokens? [y/N] `);
  if (!isYes(answer)) throw new Error(why);
  await create(cli, name, variant, context);
  return variant;
}
