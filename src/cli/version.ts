import type { Cli } from "./context.ts";

/**
 * `--version`: the server's version, and this program's where it differs or no server answers (docs/behaviour: cli §1). A server that has no
 * version of llamero's is Ollama.
 */
export async function printVersion(cli: Cli): Promise<void> {
  const { data } = await cli.client.api.version.get();
  const server = data?.llamero_version;
  if (data === null) cli.stdout.write("Warning: could not connect to a running llamero instance\n");
  else if (server === undefined) cli.stdout.write(`ollama version is ${data.version}\n`);
  else cli.stdout.write(`llamero version is ${server}\n`);
  if (server !== cli.version) cli.stdout.write(`Warning: client version is ${cli.version}\n`);
}
