import { unwrap } from "../../client/index.ts";
import { defined } from "../../lib/defined.ts";
import type { Cli } from "../context.ts";
import type { RunSettings } from "./settings.ts";

/** Prints the vector of `text` as compact JSON. */
export async function embedOnce(cli: Cli, model: string, text: string, settings: RunSettings): Promise<void> {
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
