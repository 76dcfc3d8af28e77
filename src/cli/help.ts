import { VARIABLES } from "../config/variables.ts";
import type { Flag } from "./argv.ts";
import type { Command } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { wrapWords } from "./show/wrap-words.ts";

/** Narrower columns of text cannot be read. */
const LEAST_TEXT = 24;

const HELP_FLAG: Flag = { name: "help", short: "h", kind: "boolean", summary: "Show this help" };
const VERSION_FLAG: Flag = { name: "version", short: "v", kind: "boolean", summary: "Show the version" };

/** The help of the program as a whole. */
export function programHelp(columns: number): string {
  const commands = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(11)} ${summary}\n`).join("");
  return [
    "A local server for large language models, and its client\n",
    "Usage:\n  llamero COMMAND [ARGUMENTS] [FLAGS]\n",
    `Commands:\n${commands}`,
    `Flags:\n${[HELP_FLAG, VERSION_FLAG].map((flag) => flagLine(flag, columns)).join("")}`,
    'Use "llamero COMMAND --help" for more about a command.\n',
  ].join("\n");
}

/** The help of one command; ends with the environment variables that it reads (docs/behaviour: cli §1). */
export function commandHelp(command: Command, columns: number): string {
  const aliases = command.alias === undefined ? [] : [`Aliases:\n  ${command.name}, ${command.alias}\n`];
  return [
    `${command.summary}\n`,
    `Usage:\n  ${["llamero", command.name, command.usage, "[FLAGS]"].filter(Boolean).join(" ")}\n`,
    ...aliases,
    `Flags:\n${[...command.flags, HELP_FLAG].map((flag) => flagLine(flag, columns)).join("")}`,
    ...(command.environment.length === 0
      ? []
      : [
          `Environment Variables:\n${command.environment.map((name) => variableLine(name, columns)).join("")}`,
        ]),
  ].join("\n");
}

function flagLine({ name, short, hint, implied, summary }: Flag, columns: number): string {
  const value = hint === undefined ? "" : implied === undefined ? ` ${hint}` : `[=${hint}]`;
  const names = `${short === undefined ? "    " : `-${short}, `}--${name}${value}`;
  return hanging(`  ${names}`, 31, summary, columns);
}

function variableLine(name: string, columns: number): string {
  const variable = Object.values(VARIABLES).find((each) => each.name === name);
  const fallback = variable?.default ? ` (default "${variable.default}")` : "";
  return hanging(`      ${name}`, 36, `${variable?.meaning ?? ""}${fallback}`, columns);
}

/** A text that begins `indent` columns from the left behind `head`, or below one that is too long, and is wrapped at words. */
function hanging(head: string, indent: number, text: string, columns: number): string {
  const blank = " ".repeat(indent);
  const lines = wrapWords(text, Math.max(LEAST_TEXT, columns - indent - 1));
  const begin = head.length < indent ? head.padEnd(indent) : `${head}\n${blank}`;
  return `${begin}${lines.join(`\n${blank}`)}\n`;
}
