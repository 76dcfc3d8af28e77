import type { Client } from "../client/index.ts";
import type { ClientConfig } from "../config/config.ts";
import type { Finding } from "../lib/finding.ts";

export interface Output {
  /** Does a person read it? Also on a terminal that knows no escape sequences. */
  readonly isScreen: boolean;
  /** May lines be redrawn and text be styled? Only on terminals that understand ANSI escape sequences. */
  readonly isTerminal: boolean;
  /** Colours: a terminal, and NO_COLOR is not set. */
  readonly hasColor: boolean;
  /** Width in columns; 80 where it is unknown. */
  columns(): number;
  /** Height in rows; 24 where it is unknown. */
  rows(): number;
  /** Writes text, whoever it is from: on a screen control characters are shown and not obeyed; see `visible.ts`. */
  write(text: string): void;
  /** Writes escape sequences of our own, and text that has been made {@link visible}. */
  draw(text: string): void;
}

export interface Input {
  readonly isTerminal: boolean;
  /** Everything up to the end of the input. */
  readAll(): Promise<string>;
}

/** Changes to the engine; each reports its steps in lines. @throws Error with the reason why a step fails. */
interface EngineTools {
  /** Builds libmtmd, which lets models see. */
  addVision(say: (line: string) => void): Promise<void>;
  /** Builds llama.cpp for this processor. @param kind cpu, cuda, vulkan or metal; undefined for what fits. */
  build(kind: string | undefined, say: (line: string) => void): Promise<void>;
  /** Removes the engine that {@link build} has built. */
  remove(say: (line: string) => void): Promise<void>;
}

/** An API key to be made. */
interface KeyOrder {
  name: string;
  scopes?: string[];
  expires_at?: string;
  concurrency?: number;
  tokens_per_minute?: number;
  tokens_per_day?: number;
}

/** An API key that was made. */
interface MadeKey {
  key: string;
  scopes: readonly string[];
}

/** Everything that a command may use: the server through `client`, the terminal, and the files that the user names. */
export interface Cli {
  readonly config: ClientConfig;
  readonly client: Client;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Runs the server until it is told to stop; resolves to the exit code. Given by `main`, since a command itself reaches no further than HTTP. */
  serve(): Promise<number>;
  /** The engine of this machine. Given by `main`, as `serve` is. */
  readonly engine: EngineTools;
  /** Makes an API key in the books of this machine, without a server; given by `main` for the same reason. */
  createKeyOffline(order: KeyOrder): Promise<MadeKey>;
  /** Checks this machine; given by `main` for the same reason. */
  examine(): AsyncIterable<Finding>;
  /** The command as the user typed it, for hints: `llamero`, or `bun src/main.ts`. */
  readonly program: string;
  /** llamero's own version. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `stop` on Ctrl-C instead of ending the process, until the returned function is called. */
  onInterrupt(stop: () => void): () => void;
  /** Asks the person at the terminal. @returns the line that is typed; "" at the end of the input. */
  ask(question: string): Promise<string>;
  /**
   * Runs a program on this terminal, in this environment and `env` on top of it; Ctrl-C goes to the program.
   *
   * @returns its exit code, 128 + n after a signal; undefined where there is no such program.
   */
  runProgram(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<number | undefined>;
}
