import { type ParsedArgv, UsageError } from "./argv.ts";
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
  local word="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" flags="" words
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
  if [ "\${COMP_WORDS[COMP_CWORD - 1]}" = --model ]; then command=show; fi
  case "$command" in
    ${takingModels(all)
      .map(({ name }) => name)
      .join("|")})
      words="$(${MODELS})"
      # Bash divides words at colons, which names of models have.
      COMPREPLY=($(compgen -W "$words" -- "$word"))
      if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$word"; fi ;;
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
  esac
  if [[ "$PREFIX" == -* ]]; then
    compadd -- $flags
    return
  fi
  if [[ "$words[CURRENT-1]" == --model ]]; then words[2]=show; fi
  case "$words[2]" in
    ${takingModels(all)
      .map(({ name }) => name)
      .join("|")})
      models=(\${(f)"$(${MODELS})"})
      compadd -- $models ;;
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
    ...flags.map(
      (flag) =>
        `complete -c llamero -n '__fish_seen_subcommand_from ${name}' -l ${flag.name} -d '${quoted(flag.summary)}'`,
    ),
  ]);
  return [
    "# fish completion for llamero: llamero completion fish | source",
    ...commands,
    `complete -c llamero -f -n '__fish_seen_subcommand_from ${namesOf(takingModels(all))}' -a "(${MODELS.replaceAll("$", "\\$")})"`,
    ...choosing(all).map(
      ({ name, words }) => `complete -c llamero -f -n '__fish_seen_subcommand_from ${name}' -a '${words}'`,
    ),
    "",
  ].join("\n");
}

/** Within single quotes of a shell. */
const quoted = (text: string): string => text.replaceAll("'", "'\\''");
