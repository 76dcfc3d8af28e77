/** A flag of a command. `implied`: the value of a text flag that may stand alone, as in `--think`; a value then needs `=`. */
export interface Flag {
  name: string;
  short?: string;
  kind: "boolean" | "text" | "integer";
  /** Shown in the help as the value's placeholder. */
  hint?: string;
  implied?: string;
  summary: string;
}

export interface ParsedArgv {
  /** The arguments that are no flags, in order. */
  args: string[];
  /** Undefined: not given. */
  boolean(name: string): boolean | undefined;
  text(name: string): string | undefined;
  integer(name: string): number | undefined;
}

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Value = boolean | string | number;

const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/**
 * Reads a command's arguments by the rules of Ollama's CLI (spf13/pflag): flags anywhere, `--name value`, `--name=value`,
 * `-n value`, `-nvalue`, `-n=value`, several booleans in one `-abc`, and `--` before arguments that start with `-`.
 *
 * @throws UsageError with pflag's text.
 */
export function parseArgv(argv: readonly string[], flags: readonly Flag[]): ParsedArgv {
  const values = new Map<string, Value>();
  const args: string[] = [];
  const queue = [...argv];
  for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
    if (arg === "--") {
      args.push(...queue.splice(0));
    } else if (arg.startsWith("--")) {
      readLong(arg, flags, queue, values);
    } else if (arg.startsWith("-") && arg !== "-") {
      readShort(arg, flags, queue, values);
    } else {
      args.push(arg);
    }
  }
  return {
    args,
    boolean: (name) => pick(values.get(name), (value) => typeof value === "boolean"),
    text: (name) => pick(values.get(name), (value) => typeof value === "string"),
    integer: (name) => pick(values.get(name), (value) => typeof value === "number"),
  };
}

function pick<T extends Value>(value: Value | undefined, is: (value: Value) => value is T): T | undefined {
  return value !== undefined && is(value) ? value : undefined;
}

function readLong(arg: string, flags: readonly Flag[], queue: string[], values: Map<string, Value>): void {
  const equals = arg.indexOf("=");
  const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
  if (name === "") throw new UsageError(`bad flag syntax: ${arg}`);
  const flag = flags.find((each) => each.name === name);
  if (flag === undefined) throw new UsageError(`unknown flag: --${name}`);
  const inline = equals < 0 ? impliedValue(flag) : arg.slice(equals + 1);
  const text = inline ?? queue.shift();
  if (text === undefined) throw new UsageError(`flag needs an argument: --${name}`);
  values.set(flag.name, convert(flag, text));
}

function readShort(arg: string, flags: readonly Flag[], queue: string[], values: Map<string, Value>): void {
  for (let letters = arg.slice(1); letters !== ""; ) {
    const letter = letters[0]!;
    const flag = flags.find((each) => each.short === letter);
    if (flag === undefined) throw new UsageError(`unknown shorthand flag: '${letter}' in ${arg}`);
    const rest = letters.slice(1);
    letters = "";
    let text = impliedValue(flag);
    if (rest.startsWith("=")) text = rest.slice(1);
    else if (text !== undefined) letters = rest;
    else text = rest === "" ? queue.shift() : rest;
    if (text === undefined) throw new UsageError(`flag needs an argument: '${letter}' in ${arg}`);
    values.set(flag.name, convert(flag, text));
  }
}

/** Whether the argument after `arg` is its value, `arg` being one of `flags`, or several short ones. */
export function takesNext(arg: string, flags: readonly Flag[]): boolean {
  const valued = flags.filter((flag) => impliedValue(flag) === undefined);
  if (arg.startsWith("--")) return valued.some(({ name }) => name === arg.slice(2));
  const shorts = new Set(valued.map(({ short }) => short));
  const letters = [...arg.slice(1)];
  const at = letters.findIndex((letter) => shorts.has(letter));
  return at >= 0 && at === letters.length - 1;
}

/** The value of a flag that stands alone; undefined when it cannot. */
function impliedValue(flag: Flag): string | undefined {
  return flag.kind === "boolean" ? "true" : flag.implied;
}

function convert(flag: Flag, text: string): Value {
  if (flag.kind === "text") return text;
  if (flag.kind === "integer" && /^[+-]?\d+$/.test(text)) return Number(text);
  if (flag.kind === "boolean" && TRUE.has(text)) return true;
  if (flag.kind === "boolean" && FALSE.has(text)) return false;
  const shown = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
  const parser = flag.kind === "integer" ? "ParseInt" : "ParseBool";
  throw new UsageError(
    `invalid argument ${JSON.stringify(text)} for "${shown}" flag: strconv.${parser}: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}
