import { type OptionName, optionRow } from "../../intent/option-table.ts";

type Lines = readonly (readonly [command: string, effect: string])[];

const COMMANDS: Lines = [
  ["/set", "Set session variables"],
  ["/show", "Show model information"],
  ["/load <model>", "Load another model and start a new conversation"],
  ["/save <model>", "Save the session as a model"],
  ["/list [prefix]", "List models"],
  ["/clear", "Clear session context"],
  ["/bye", "Exit"],
  ["/?, /help", "Help for a command"],
  ["/? shortcuts", "Help for keyboard shortcuts"],
];

const SET: Lines = [
  ["/set parameter ...", "Set a parameter"],
  ["/set system <text>", "Set system message"],
  ["/set history", "Enable history"],
  ["/set nohistory", "Disable history"],
  ["/set wordwrap", "Enable wordwrap"],
  ["/set nowordwrap", "Disable wordwrap"],
  ["/set format json", "Enable JSON mode"],
  ["/set noformat", "Disable formatting"],
  ["/set verbose", "Show counts and times after each answer"],
  ["/set quiet", "Disable them"],
  ["/set think [level]", "Enable thinking"],
  ["/set nothink", "Disable thinking"],
];

const SHOW: Lines = [
  ["/show info", "Show details for this model"],
  ["/show license", "Show model license"],
  ["/show modelfile", "Show Modelfile for this model"],
  ["/show parameters", "Show parameters for this model"],
  ["/show system", "Show system message"],
  ["/show template", "Show prompt template"],
];

/** The parameters that people set, in Ollama's order. */
const SHOWN: readonly OptionName[] = [
  ...(["seed", "num_predict", "top_k", "top_p", "min_p", "num_ctx"] as const),
  ...(["temperature", "repeat_penalty", "repeat_last_n", "num_gpu", "stop"] as const),
];

const VALUES = { integer: "<int>", float32: "<float>", boolean: "<bool>", array: "<string> <string> ..." };

const PARAMETERS: Lines = SHOWN.map((name) => {
  const { type, help = "" } = optionRow(name);
  return [`/set parameter ${name} ${VALUES[type]}`, help];
});

const SHORTCUTS: Lines = [
  ["Ctrl + a", "Move to the beginning of the line (Home)"],
  ["Ctrl + e", "Move to the end of the line (End)"],
  ["Alt + b, Ctrl + Left", "Move one word back"],
  ["Alt + f, Ctrl + Right", "Move one word forward"],
  ["Ctrl + k", "Delete everything after the cursor"],
  ["Ctrl + u", "Delete everything before the cursor"],
  ["Ctrl + w", "Delete the word before the cursor"],
  ["Ctrl + y", "Insert what was deleted last"],
  ["Ctrl + j, Alt + Enter", "Begin a new line"],
  ["Ctrl + g", "Write the message in your editor"],
  ["Ctrl + l", "Clear the screen"],
  ["Up, Down", "Earlier and later messages"],
  ["Ctrl + r", "Search in earlier messages"],
  ["Ctrl + c", "Stop the answer"],
  ["Ctrl + z", "Suspend llamero"],
  ["Ctrl + d", "Exit (/bye)"],
];

const block = (title: string, lines: Lines, after = ""): string =>
  `${title}\n${lines.map(([command, effect]) => `  ${command.padEnd(42)} ${effect}\n`).join("")}${after}\n`;

export const PARAMETERS_HELP = block("Available Parameters:", PARAMETERS);

/** The text of `/?` and `/help` with or without a topic. */
export function helpOn(topic: string | undefined): string {
  if (topic === "set" || topic === "/set") return block("Available Commands:", SET);
  if (topic === "show" || topic === "/show") return block("Available Commands:", SHOW);
  if (topic === "shortcut" || topic === "shortcuts") return block("Available keyboard shortcuts:", SHORTCUTS);
  return block("Available Commands:", COMMANDS, '\nUse """ to begin a multi-line message.\n');
}
