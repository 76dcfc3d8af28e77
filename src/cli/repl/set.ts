import { messageOf } from "../../lib/errors.ts";
import { parseParameter } from "../../modelfile/parameters.ts";
import type { Cli } from "../context.ts";
import { parseThink } from "../run/settings.ts";
import { helpOn, PARAMETERS_HELP } from "./help.ts";
import { unquoteBlock } from "./read-block.ts";
import { canThink, type Session, setSystem, setThink } from "./session.ts";

/** The session that a `/set` changes, and the terminal. */
export interface SetContext {
  cli: Cli;
  session: Session;
}

type Setter = (context: SetContext, words: string[], rest: string) => string;

const SETTERS: Record<string, Setter> = {
  parameter: ({ session }, [key, ...values]) => setParameter(session, key, values),
  system: setSystemText,
  history: ({ session }) => {
    session.savesHistory = true;
    return "";
  },
  nohistory: ({ session }) => {
    session.savesHistory = false;
    return "";
  },
  wordwrap: ({ session }) => {
    session.settings.wordWrap = true;
    return "Set 'wordwrap' mode.\n";
  },
  nowordwrap: ({ session }) => {
    session.settings.wordWrap = false;
    return "Set 'nowordwrap' mode.\n";
  },
  verbose: ({ session }) => {
    session.settings.verbose = true;
    return "Set 'verbose' mode.\n";
  },
  quiet: ({ session }) => {
    session.settings.verbose = false;
    return "Set 'quiet' mode.\n";
  },
  format: ({ session }, [format]) => {
    if (format !== "json") return "Invalid or missing format. For 'json' mode use '/set format json'\n";
    session.settings.format = format;
    return "Set format to 'json' mode.\n";
  },
  noformat: ({ session }) => {
    delete session.settings.format;
    return "Disabled format.\n";
  },
  think: (context, [level]) => setThinking(context, level),
  nothink: ({ session }) => {
    setThink(session, false);
    return "Set 'nothink' mode.\n";
  },
};

/** `/set WHAT …`; answers go to stdout, the help to stderr. */
export function setInSession(context: SetContext, rest: string): void {
  const [what, ...words] = rest.split(/\s+/).filter(Boolean);
  if (what === undefined) context.cli.stderr.write(helpOn("set"));
  else context.cli.stdout.write(answerTo(context, what, words, rest));
}

function answerTo(context: SetContext, what: string, words: string[], rest: string): string {
  const setter = Object.hasOwn(SETTERS, what) ? SETTERS[what] : undefined;
  if (setter === undefined) return `Unknown command '/set ${what}'. Type /? for help\n`;
  return setter(context, words, rest.slice(rest.indexOf(what) + what.length).trim());
}

function setParameter(session: Session, key: string | undefined, values: string[]): string {
  if (key === undefined || values.length === 0) return PARAMETERS_HELP;
  try {
    const parsed = parseParameter(key, values[0] ?? "");
    session.options[key] = typeof parsed === "string" ? values : parsed;
  } catch (error) {
    return `Couldn't set parameter: ${JSON.stringify(messageOf(error))}\n`;
  }
  return `Set parameter '${key}' to '${values.join(", ")}'\n`;
}

function setSystemText({ session }: SetContext, _: string[], rest: string): string {
  if (rest === "") return helpOn("set");
  setSystem(session, rest.startsWith('"""') ? unquoteBlock(rest) : unquoted(rest));
  return "Set system message.\n";
}

function unquoted(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

function setThinking({ cli, session }: SetContext, level: string | undefined): string {
  try {
    setThink(session, parseThink(level ?? "true"));
  } catch (error) {
    return `${messageOf(error).replace("--think", "think")}\n`;
  }
  if (!canThink(session.report)) {
    cli.stderr.write(`warning: model "${session.model}" does not support thinking output\n`);
  }
  return level === undefined ? "Set 'think' mode.\n" : `Set 'think' mode to '${level}'.\n`;
}
