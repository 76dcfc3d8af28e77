import { LlameroError } from "../client/index.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";
import { showTransfer } from "./progress/show-transfer.ts";

/** Pushes a model, shows a bar for each layer, and says where the model is then (docs/behaviour: cli §7). */
export async function push(cli: Cli, argv: ParsedArgv): Promise<void> {
  const [model = ""] = argv.args;
  try {
    await showTransfer(cli, cli.client.push({ model, insecure: argv.boolean("insecure") === true }));
  } catch (error) {
    if (!isDenial(error)) throw error;
    throw new Error(denialText(model), { cause: error });
  }
  cli.stdout.write(`\nYou can find your model at:\n\n\t${placeOf(model)}\n`);
}

const isDenial = (error: unknown): boolean =>
  error instanceof LlameroError && /\baccess denied\b|\bunauthorized\b/i.test(error.message);

/** The key is the server's, and lies with it. */
function denialText(model: string): string {
  const denied =
    "you are not authorized to push to this namespace, create the model under a namespace you own";
  if (!isOfDefaultRegistry(model)) return denied;
  return `${denied}\n\nThe registry knows this server by its key. Add ~/.llamero/id_ed25519.pub of the server's machine at:\n\n\thttps://ollama.com/settings/keys`;
}

const DEFAULT_HOST = "registry.ollama.ai";
const WEBSITE = "https://ollama.com";

/** Does this name, as the user wrote it, belong to Ollama's registry? Only a name of three parts names a host. */
function isOfDefaultRegistry(model: string): boolean {
  const parts = partsOf(model);
  return parts.length < 3 || /(^|\.)ollama\.(ai|com)$/i.test(parts[0] ?? "");
}

/** Where a pushed model is found: its page at Ollama's, elsewhere its full name (docs/behaviour: cli §7). */
export function placeOf(model: string): string {
  const [name = "", namespace = "library", host = DEFAULT_HOST] = partsOf(model).toReversed();
  const tagged = name.includes(":") ? name : `${name}:latest`;
  if (!isOfDefaultRegistry(model)) return `${host}/${namespace}/${tagged}`;
  const short = tagged.replace(/:latest$/, "");
  return namespace.toLowerCase() === "library" ? `${WEBSITE}/${short}` : `${WEBSITE}/${namespace}/${short}`;
}

const partsOf = (model: string): string[] =>
  model
    .trim()
    .replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//, "")
    .split("/");
