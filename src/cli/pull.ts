import { unwrap } from "../client/index.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";
import { pullModel } from "./pull/pull-model.ts";

/** Pulls a model, or with `--check` compares it with its registry's and fetches nothing. */
export async function pullOrCheck(cli: Cli, argv: ParsedArgv): Promise<void> {
  const [model = ""] = argv.args;
  if (argv.boolean("check") === true) return await check(cli, model);
  await pullModel(cli, { model, insecure: argv.boolean("insecure") === true });
}

async function check(cli: Cli, model: string): Promise<void> {
  const { models } = unwrap(await cli.client.api.outdated.get());
  const wanted = [model, `${model}:latest`].map((name) => name.toLowerCase());
  const found = models.find(({ name }) => wanted.includes(name.toLowerCase()));
  if (found === undefined) throw new Error(`model '${model}' not found`);
  const { name, state, reason } = found;
  if (state === "unknown") throw new Error(`'${name}' could not be compared: ${reason}`);
  cli.stdout.write(state === "current" ? `'${name}' is up to date\n` : `'${name}' is outdated\n`);
}
