/** The server and model that an agent is to use. */
export interface Target {
  /** URL of the server, e.g. `http://127.0.0.1:11434`. */
  readonly url: string;
  /** The key for the server: the user's OLLAMA_API_KEY. "" for none. */
  readonly key: string;
  /** The model, with its tag. */
  readonly model: string;
  /** Tokens of context that a request without num_ctx gets. */
  readonly contextLength: number;
  readonly sees: boolean;
  readonly thinks: boolean;
  /** A folder of ours for files that the agent reads: its own settings are never written to. */
  readonly folder: string;
}

/** How an agent is started for a target. */
export interface Recipe {
  /** Set for the agent, on top of the environment that it is started in. */
  readonly env?: Readonly<Record<string, string>>;
  /** In front of the user's own arguments. */
  readonly args?: readonly string[];
  /** Contents by path, below the target's folder. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A coding agent, and how to make it use this server. */
export interface CodingAgent {
  readonly title: string;
  /** The command that starts it. */
  readonly program: string;
  /** The command that installs it. */
  readonly install: string;
  /** Tokens below which its own instructions and tools leave no room for work; 0 where it asks for a context itself. */
  readonly leastContext: number;
  recipe(target: Target): Recipe;
}

/** For agents that insist on a key where the server asks for none. */
const ANY_KEY = "ollama";

export const keyOrAny = ({ key }: Target): string => key || ANY_KEY;

/** The key for agents that read it from the environment by this name; not among their arguments, which everybody on the machine can see. */
export const KEY_VARIABLE = "OLLAMA_API_KEY";

/** The OpenAI API of a target. */
export const openAiUrl = ({ url }: Target): string => `${url}/v1`;
