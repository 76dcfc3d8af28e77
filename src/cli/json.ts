import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";

export const wantsJson = (argv: ParsedArgv): boolean => argv.boolean("json") === true;

/** Prints the server's reply, indented, as one JSON document. */
export const writeJson = (cli: Cli, value: unknown): void =>
  cli.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
