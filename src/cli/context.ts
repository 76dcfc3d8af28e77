import type { Client } from "../client/index.ts";
import type { Config } from "../config/config.ts";

export interface Output {
  /** May lines be redrawn and text be styled? Only on terminals that understand ANSI escape sequences. */
  readonly isTerminal: boolean;
  /** Colours: a terminal, and NO_COLOR is not set. */
  readonly hasColor: boolean;
  /** Width in columns; 80 where it is unknown. */
  columns(): number;
  write(text: string): void;
}

export interface Input {
  readonly isTerminal: boolean;
  /** Everything up to the end of the input. */
  readAll(): Promise<string>;
}

/** All that a command may touch: the server through `client`, the terminal, and the files that the user names. */
export interface Cli {
  readonly config: Config;
  readonly client: Client;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Runs the server until it is told to stop. Given by `main`, since a command itself reaches no further than HTTP. */
  serve(): Promise<void>;
  /** llamero's own version. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `stop` on Ctrl-C instead of ending the process, until the returned function is called. */
  onInterrupt(stop: () => void): () => void;
}
