import { unwrap } from "../client/index.ts";
import { type ParsedArgv, UsageError } from "./argv.ts";
import type { Cli } from "./context.ts";

/** How the text of each setting is read. */
const READERS = {
  keep_alive: (text: string) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text),
  num_ctx: wholeNumber,
  num_parallel: wholeNumber,
  pinned: (text: string) => {
    if (text === "true" || text === "false") return text === "true";
    throw new UsageError(`pinned is true or false, not "${text}"`);
  },
};

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is not a whole number`);
}

const isSetting = (key: string): key is keyof typeof READERS => Object.hasOwn(READERS, key);

function read(argument: string): [string, string | number | boolean] {
  const [, key = argument, text = ""] = /^([^=]*)=(.*)$/s.exec(argument) ?? [];
  if (!isSetting(key) || !argument.includes("=")) {
    throw new UsageError(
      `"${argument}" is no setting: ${Object.keys(READERS).join(", ")}, each as KEY=VALUE`,
    );
  }
  return [key, READERS[key](text)];
}

/** Changes the settings of a model on this machine, and prints all of them. */
export async function setModel(cli: Cli, argv: ParsedArgv): Promise<void> {
  const [model = "", ...settings] = argv.args;
  const reply = unwrap(
    await cli.client.api.settings.patch({ model, ...Object.fromEntries(settings.map(read)) }),
  );
  const { model: name, ...now } = reply;
  const lines = Object.entries(now).map(([key, value]) => `${key}=${value}`);
  cli.stdout.write(`${[name, ...lines].join(" ")}\n`);
}
