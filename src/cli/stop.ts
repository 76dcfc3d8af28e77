import { unwrap } from "../client/index.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";
import { isNotFound } from "./failure.ts";

export async function stopModel(cli: Cli, argv: ParsedArgv): Promise<void> {
  const [model = ""] = argv.args;
  try {
    await unload(cli, model);
  } catch (error) {
    if (isNotFound(error)) throw new Error(`couldn't find model "${model}" to stop`);
    throw error;
  }
}

/** Has the server drop the model as soon as it is idle; a model that is not loaded is no error. */
export async function unload(cli: Cli, model: string): Promise<void> {
  unwrap(await cli.client.api.generate.post({ model, keep_alive: 0, stream: false }));
}
