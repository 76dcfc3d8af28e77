import type { Flag, ParsedArgv } from "./argv.ts";
import { UsageError } from "./argv.ts";
import type { Cli } from "./context.ts";

export interface Command {
  name: string;
  alias?: string;
  /** Placeholders of the arguments, e.g. `SOURCE DESTINATION`. */
  usage: string;
  summary: string;
  /** The values of its first argument, where they are known beforehand. */
  choices?: readonly string[];
  /** How many arguments it takes. */
  arity: { exactly: number } | { atLeast: number } | { atMost: number };
  flags: readonly Flag[];
  /** Environment variables that the help names. */
  environment: readonly string[];
  /** Checks first that a server answers. */
  needsServer: boolean;
  /** @returns the exit code of a program that it has run; other commands return nothing. */
  run(cli: Cli, argv: ParsedArgv): Promise<void> | Promise<number>;
}

/** @throws UsageError with cobra's text when there are too few or too many arguments. */
export function checkArity(arity: Command["arity"], received: number): void {
  if ("exactly" in arity && received !== arity.exactly) {
    throw new UsageError(`accepts ${arity.exactly} arg(s), received ${received}`);
  }
  if ("atLeast" in arity && received < arity.atLeast) {
    throw new UsageError(`requires at least ${arity.atLeast} arg(s), only received ${received}`);
  }
  if ("atMost" in arity && received > arity.atMost) {
    throw new UsageError(`accepts at most ${arity.atMost} arg(s), received ${received}`);
  }
}
