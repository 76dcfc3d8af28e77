import { unwrap } from "../client/index.ts";
import { type Flag, parseArgv, UsageError } from "./argv.ts";
import { type Command, checkArity } from "./command.ts";
import { findCommand } from "./commands.ts";
import type { Cli } from "./context.ts";
import { messageOf, NOT_RUNNING } from "./failure.ts";
import { commandHelp, programHelp } from "./help.ts";
import { printVersion } from "./version.ts";

const HELP: Flag = { name: "help", short: "h", kind: "boolean", summary: "" };
const VERSION: Flag = { name: "version", short: "v", kind: "boolean", summary: "" };

/**
 * Runs one command line.
 *
 * @param argv the arguments after the program's name.
 * @returns the exit code: 0, or 1 after `Error: <message>` on stderr (spec: cli §1).
 */
export async function runCli(argv: readonly string[], cli: Cli): Promise<0 | 1> {
  try {
    await dispatch(argv, cli);
    return 0;
  } catch (error) {
    cli.stderr.write(`Error: ${messageOf(error)}\n`);
    return 1;
  }
}

async function dispatch(argv: readonly string[], cli: Cli): Promise<void> {
  const at = argv.findIndex((arg) => !arg.startsWith("-"));
  const name = argv[at];
  if (name === undefined) return await runWithoutCommand(argv, cli);
  if (name === "help") return cli.stdout.write(helpOn(argv.slice(at + 1)));
  const command = findCommand(name);
  if (command === undefined) throw new UsageError(`unknown command "${name}" for "llamero"`);
  await runCommand(command, [...argv.slice(0, at), ...argv.slice(at + 1)], cli);
}

async function runWithoutCommand(argv: readonly string[], cli: Cli): Promise<void> {
  const parsed = parseArgv(argv, [HELP, VERSION]);
  if (parsed.boolean("version") === true) await printVersion(cli);
  else cli.stdout.write(programHelp());
}

function helpOn(words: readonly string[]): string {
  const name = words[0];
  if (name === undefined) return programHelp();
  const command = findCommand(name);
  if (command === undefined) throw new UsageError(`unknown command "${name}" for "llamero"`);
  return commandHelp(command);
}

async function runCommand(command: Command, argv: readonly string[], cli: Cli): Promise<void> {
  const parsed = parseArgv(argv, [...command.flags, HELP]);
  if (parsed.boolean("help") === true) return cli.stdout.write(commandHelp(command));
  checkArity(command.arity, parsed.args.length);
  if (command.needsServer) await checkServer(cli);
  await command.run(cli, parsed);
}

async function checkServer(cli: Cli): Promise<void> {
  try {
    unwrap(await cli.client.api.version.get());
  } catch (error) {
    throw new Error(NOT_RUNNING, { cause: error });
  }
}
