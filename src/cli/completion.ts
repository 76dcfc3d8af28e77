import { type Flag, type ParsedArgv, UsageError } from "./argv.ts";
import type { Command } from "./command.ts";
import type { Cli } from "./context.ts";

type Commands = readonly Command[];

const SCRIPTS: Record<string, (commands: Commands) => string> = { bash, zsh, fish };

/**
 * Prints a script that the shell reads; it asks the server for the names of models while one types.
 *
 * @param commands all that there are.
 */
export async function completion(cli: Cli, argv: ParsedArgv, commands: Commands): Promise<void> {
  const [shell = ""] = argv.args;
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined) throw new UsageError(`unknown shell "${shell}" (must be bash, zsh or fish)`);
  cli.stdout.write(script(commands));
}

const namesOf = (commands: Commands): string => commands.map(({ name }) => name).join(" ");

/** Those whose arguments are names of installed models. */
const takingModels = (commands: Commands): Commands =>
  commands.filter(({ usage }) => /MODEL|SOURCE|PREFIX/.test(usage));

/** Those whose first argument is one of a few words. */
const choosing = (commands: Commands): { name: string; words: string }[] =>
  commands.flatMap(({ name, choices }) =>
    choices === undefined ? [] : [{ name, words: choices.join(" ") }],
  );

/** A command's flags, e.g. `--json --help`. */
const flagsOf = ({ flags }: Command): string =>
  [...flags, { name: "help" }].map((flag) => `--${flag.name}`).join(" ");

/** How a flag may be typed, e.g. `--file -f`. */
const spellings = ({ name, short }: Flag): string[] =>
  short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];

/** Flags whose value is a file. */
const fileFlags = (commands: Commands): string[] => [
  ...new Set(commands.flatMap(({ flags }) => flags.filter(takesFile).flatMap(spellings))),
];

const takesFile = ({ hint }: Flag): boolean => hint === "path";

/** First column of `list`, without its header; nothing where no server runs. */
const MODELS = "llamero list 2>/dev/null | awk 'NR > 1 { print $1 }'";

function bash(all: Commands): string {
  const choices = choosing(all)
    .map(({ name, words }) => `    ${name}) COMPREPLY=($(compgen -W "${words}" -- "$word")) ;;`)
    .join("\n");
  const cases = all.map((command) => `    ${command.name}) flags="${flagsOf(command)}" ;;`).join("\n");
  const names = namesOf(all);
  return `# bash completion for llamero: source <(llamero completion bash)
_llamero() {
  # Bash divides words at colons, which names of models have: the word is read off the line, and its part up to the colon is taken off
  # what completes it.
  local line="\${COMP_LINE:0:COMP_POINT}" command="\${COMP_WORDS[1]}" flags="" words
  local word="\${line##*[[:space:]]}"
  local before="\${line%"$word"}"
  before="\${before%"\${before##*[![:space:]]}"}"
  before="\${before##*[[:space:]]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names} help --help --version" -- "$word"))
    return
  fi
  case "$command" in
${cases}
    help) COMPREPLY=($(compgen -W "${names}" -- "$word")); return ;;
  esac
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$word"))
    return
  fi
  case "$before" in
    --model) command=show ;;
    ${fileFlags(all).join("|")}) return ;;
  esac
  case "$command" in
    ${takingModels(all)
      .map(({ name }) => name)
      .join("|")})
      words="$(${MODELS})"
      COMPREPLY=($(compgen -W "$words" -- "$word"))
      if [[ "$word" == *:* && "$COMP_WORDBREAKS" == *:* ]]; then
        COMPREPLY=("\${COMPREPLY[@]#"\${word%"\${word##*:}"}"}")
      fi ;;
${choices}
  esac
}
complete -o default -F _llamero llamero
`;
}

function zsh(all: Commands): string {
  const commands = all.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`).join("\n");
  const flags = all.map((command) => `    ${command.name}) flags=(${flagsOf(command)}) ;;`).join("\n");
  return `#compdef llamero
# zsh completion for llamero: source <(llamero completion zsh)
_llamero() {
  local -a commands flags models
  commands=(
${commands}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  case "$words[2]" in
${flags}
    help) compadd -- ${namesOf(all)}; return ;;
  esac
  if [[ "$PREFIX" == -* ]]; then
    compadd -- $flags
    return
  fi
  case "$words[CURRENT-1]" in
    --model) words[2]=show ;;
    ${fileFlags(all).join("|")}) _files; return ;;
  esac
  case "$words[2]" in
    ${takingModels(all)
      .map(({ name }) => name)
      .join("|")})
      models=(\${(f)"$(${MODELS})"})
      compadd -- $models || _files ;;
${choosing(all)
  .map(({ name, words }) => `    ${name}) compadd -- ${words} ;;`)
  .join("\n")}
    *) _files ;;
  esac
}
compdef _llamero llamero
`;
}

function fish(all: Commands): string {
  const commands = all.flatMap(({ name, summary, flags }) => [
    `complete -c llamero -n __fish_use_subcommand -a ${name} -d '${quoted(summary)}'`,
    ...flags.map((flag) => `complete -c llamero -n '__fish_seen_subcommand_from ${name}' ${fishFlag(flag)}`),
  ]);
  return [
    "# fish completion for llamero: llamero completion fish | source",
    "complete -c llamero -f",
    "complete -c llamero -F -n '__fish_seen_subcommand_from run import'",
    ...commands,
    `complete -c llamero -n '__fish_seen_subcommand_from help' -a '${namesOf(all)}'`,
    `complete -c llamero -n '__fish_seen_subcommand_from ${namesOf(takingModels(all))}' -a "(${MODELS.replaceAll("$", "\\$")})"`,
    ...choosing(all).map(
      ({ name, words }) => `complete -c llamero -n '__fish_seen_subcommand_from ${name}' -a '${words}'`,
    ),
    "",
  ].join("\n");
}

/** A flag as fish declares it, with the kind of its value. */
function fishFlag(flag: Flag): string {
  const short = flag.short === undefined ? "" : ` -s ${flag.short}`;
  const value = flag.kind === "boolean" ? "" : takesFile(flag) ? " -r -F" : " -x";
  return `-l ${flag.name}${short}${value} -d '${quoted(flag.summary)}'`;
}

/** Within single quotes of a shell. */
const quoted = (text: string): string => text.replaceAll("'", "'\\''");
