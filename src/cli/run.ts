import { type ShowReply, unwrap } from "../client/index.ts";
import { defined } from "../lib/defined.ts";
import { messageOf } from "../lib/errors.ts";
import type { ParsedArgv } from "./argv.ts";
import { closestModels, suggestion } from "./closest.ts";
import type { Cli } from "./context.ts";
import { isNotFound } from "./failure.ts";
import { pullModel } from "./pull/pull-model.ts";
import { attachMedia } from "./run/media.ts";
import { oneShot } from "./run/one-shot.ts";
import { type RunSettings, runSettings } from "./run/settings.ts";

/**
 * Answers a prompt from the arguments, with piped input in front of it; without either, on a terminal, starts a conversation
 * (docs/behaviour: cli §5.1).
 */
export async function run(cli: Cli, argv: ParsedArgv): Promise<void> {
  const [model = "", ...words] = argv.args;
  const settings = runSettings(argv);
  const piped = cli.stdin.isTerminal ? "" : await cli.stdin.readAll();
  const joined = (text: string) => [piped, text].filter((part) => part !== "").join(" ");
  const report = await showOrPull(cli, model, argv.boolean("insecure") === true);
  const can = (capability: string): boolean => report.capabilities?.includes(capability) === true;
  if (can("image")) throw new Error("image generation models are not currently supported");
  if (can("embedding")) return await embedOnce(cli, model, joined(words.join(" ")), settings);
  if (settings.think === undefined && can("thinking")) settings.think = true;
  if (words.length === 0 && cli.stdin.isTerminal && cli.stdout.isScreen) {
    const { converse } = await import("./repl/converse.ts");
    return await converse(cli, model, report, settings);
  }
  // Piped text may be somebody else's: paths in it are not read.
  const { prompt, images, notes } = await attachMedia(words.join(" "), model, report);
  for (const note of notes) cli.stderr.write(`${note}\n`);
  // A prompt of nothing only loads the model.
  const text = prompt === "" && images.length > 0 ? "[img]".repeat(images.length) : prompt;
  await oneShot(cli, { model, prompt: joined(text), images }, settings);
}

/** A pull that fails may have been a name mistyped. */
async function pullMissing(cli: Cli, model: string, insecure: boolean): Promise<void> {
  try {
    await pullModel(cli, { model, insecure });
  } catch (error) {
    const models = (await cli.client.api.tags.get()).data?.models ?? [];
    const similar = suggestion(closestModels(model, models));
    throw similar === "" ? error : new Error(`${messageOf(error)}${similar}`, { cause: error });
  }
}

/** The report of `show` on a model, which is pulled first when it is not installed (docs/behaviour: cli §5.1). */
async function showOrPull(cli: Cli, model: string, insecure: boolean): Promise<ShowReply> {
  try {
    return unwrap(await cli.client.api.show.post({ model }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  await pullMissing(cli, model, insecure);
  return unwrap(await cli.client.api.show.post({ model }));
}

/** Prints the vector of `text` as compact JSON. */
async function embedOnce(cli: Cli, model: string, text: string, settings: RunSettings): Promise<void> {
  if (text === "") {
    throw new Error(`embedding models require input text. Usage: llamero run ${model} "your text here"`);
  }
  const reply = await cli.client.api.embed.post({
    model,
    input: text,
    ...defined({
      dimensions: settings.dimensions,
      truncate: settings.truncate,
      keep_alive: settings.keepAlive,
    }),
  });
  const [vector] = unwrap(reply).embeddings;
  if (vector === undefined) throw new Error("no embeddings returned");
  cli.stdout.write(`${JSON.stringify(vector)}\n`);
}
