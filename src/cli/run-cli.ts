import { LlameroError, unwrap } from "../client/index.ts";
import { type Flag, parseArgv, takesNext, UsageError } from "./argv.ts";
import { closest, closestModels, suggestion } from "./closest.ts";
import { type Command, checkArity } from "./command.ts";
import { COMMANDS, findCommand } from "./commands.ts";
import type { Cli } from "./context.ts";
import { notRunning, reasonOf } from "./failure.ts";
import { commandHelp, programHelp } from "./help.ts";
import { printVersion } from "./version.ts";

/** The server's words for a model that is not installed. */
const MISSING_MODEL = /model ['"]([^'"]+)['"] not found/;

const HELP: Flag = { name: "help", short: "h", kind: "boolean", summary: "" };
const VERSION: Flag = { name: "version", short: "v", kind: "boolean", summary: "" };
/** Ollama takes them without a command too; its menu of models, which they are for, is not here. */
const WITHOUT_COMMAND: readonly Flag[] = (findCommand("run")?.flags ?? []).filter(({ name }) =>
  ["verbose", "nowordwrap"].includes(name),
);

/**
 * Runs one command line.
 *
 * @param argv the arguments after the program's name.
 * @returns the exit code: 0, that of a program that was launched, or 1 after `Error: <message>` on stderr (docs/behaviour: cli §1).
 */
export async function runCli(argv: readonly string[], cli: Cli): Promise<number> {
  try {
    return await dispatch(argv, cli);
  } catch (error) {
    cli.stderr.write(`Error: ${reasonOf(cli, error)}${await modelSuggestion(cli, error)}\n`);
    return 1;
  }
}

async function dispatch(argv: readonly string[], cli: Cli): Promise<number> {
  const at = commandIndex(argv);
  const name = argv[at];
  if (name === undefined) return await runWithoutCommand(argv, cli);
  if (name === "help") return shown(cli, helpOn(cli, argv.slice(at + 1)));
  const command = findCommand(name);
  if (command === undefined) throw unknownCommand(name);
  return runCommand(command, [...argv.slice(0, at), ...argv.slice(at + 1)], cli);
}

/**
 * Where the command's name stands; -1: nowhere. Its flags may stand before it, as in `--format json run MODEL`: what follows a flag
 * that takes a value is that value. After `--` flags have ended.
 */
function commandIndex(argv: readonly string[]): number {
  const flags = COMMANDS.flatMap((command) => command.flags);
  let at = 0;
  for (; argv[at]?.startsWith("-") && argv[at] !== "--"; at++) if (takesNext(argv[at]!, flags)) at++;
  if (argv[at] === "--") at++;
  return at < argv.length ? at : -1;
}

/** Success with a text. */
function shown(cli: Cli, text: string): 0 {
  cli.stdout.write(text);
  return 0;
}

async function runWithoutCommand(argv: readonly string[], cli: Cli): Promise<number> {
  const parsed = parseArgv(argv, [HELP, VERSION, ...WITHOUT_COMMAND]);
  if (parsed.boolean("version") !== true) return shown(cli, programHelp(cli.stdout.columns()));
  await printVersion(cli);
  return 0;
}

function helpOn(cli: Cli, words: readonly string[]): string {
  const name = words[0];
  if (name === undefined) return programHelp(cli.stdout.columns());
  const command = findCommand(name);
  if (command === undefined) throw unknownCommand(name);
  return commandHelp(command, cli.stdout.columns());
}

/** Models that are here and whose names are like the one that is not. */
async function modelSuggestion(cli: Cli, error: unknown): Promise<string> {
  const name = error instanceof LlameroError ? MISSING_MODEL.exec(error.message)?.[1] : undefined;
  if (name === undefined) return "";
  const models = (await cli.client.api.tags.get()).data?.models ?? [];
  return suggestion(closestModels(name, models));
}

function unknownCommand(name: string): UsageError {
  const names = COMMANDS.flatMap((command) => [command.name, command.alias ?? []].flat());
  return new UsageError(`unknown command "${name}" for "llamero"${suggestion(closest(name, names))}`);
}

async function runCommand(command: Command, argv: readonly string[], cli: Cli): Promise<number> {
  const parsed = parseArgv(argv, [...command.flags, HELP]);
  if (parsed.boolean("help") === true) return shown(cli, commandHelp(command, cli.stdout.columns()));
  checkArity(command.arity, parsed.args.length);
  if (command.needsServer) await checkServer(cli);
  return (await command.run(cli, parsed)) ?? 0;
}

async function checkServer(cli: Cli): Promise<void> {
  try {
    unwrap(await cli.client.api.version.get());
  } catch (error) {
    throw new Error(notRunning(cli), { cause: error });
  }
}
