import type { Cli } from "./context.ts";

/** `--version`: the server's version, and this program's where it differs or no server answers (spec: cli §1). */
export async function printVersion(cli: Cli): Promise<void> {
  const server = (await cli.client.api.version.get()).data?.version;
  if (server === undefined) cli.stdout.write("Warning: could not connect to a running llamero instance\n");
  if (server !== undefined) cli.stdout.write(`llamero version is ${server}\n`);
  if (server !== cli.version) cli.stdout.write(`Warning: client version is ${cli.version}\n`);
}
