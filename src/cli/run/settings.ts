import type { FormatValue, KeepAliveValue, ThinkValue } from "../../client/index.ts";
import { defined, ifDefined } from "../../lib/defined.ts";
import { parseDuration } from "../../lib/duration.ts";
import { messageOf } from "../../lib/errors.ts";
import { type ParsedArgv, UsageError } from "../argv.ts";

/** Settings by the flags of `run`. Undefined: the server decides. */
export interface RunSettings {
  format?: FormatValue;
  keepAlive?: KeepAliveValue;
  think?: ThinkValue;
  hideThinking: boolean;
  wordWrap: boolean;
  verbose: boolean;
  dimensions?: number;
  truncate?: boolean;
}

/** @throws UsageError for a value that the server could not take either (docs/behaviour: cli §5.2). */
export function runSettings(argv: ParsedArgv): RunSettings {
  const format = argv.text("format");
  const keepAlive = argv.text("keepalive");
  const think = argv.text("think");
  const dimensions = argv.integer("dimensions");
  const truncate = argv.boolean("truncate");
  return {
    ...(format ? { format: parseFormat(format) } : {}),
    ...(keepAlive ? { keepAlive: parseKeepAlive(keepAlive) } : {}),
    ...defined({ think: ifDefined(think, parseThink) }),
    ...defined({ dimensions, truncate }),
    hideThinking: argv.boolean("hidethinking") === true,
    wordWrap: argv.boolean("nowordwrap") !== true,
    verbose: argv.boolean("verbose") === true,
  };
}

/** Reads any JSON value; the server refuses one that is no format, in its own words. */
function parseFormat(text: string): FormatValue {
  if (text === "json") return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    const first = text.trimStart()[0] ?? "";
    const reason = /[[{"\-\dtfn]/.test(first)
      ? messageOf(error)
      : `invalid character '${first}' looking for beginning of value`;
    throw new UsageError(`json: error calling MarshalJSON for type json.RawMessage: ${reason}`);
  }
}

/** A Go duration, or a number of seconds as the API and OLLAMA_KEEP_ALIVE take it. */
function parseKeepAlive(text: string): KeepAliveValue {
  if (/^-?\d+$/.test(text)) return Number(text);
  parseDuration(text);
  return text;
}

export function parseThink(text: string): ThinkValue {
  if (text === "true") return true;
  if (text === "false") return false;
  if (text === "low" || text === "medium" || text === "high" || text === "max") return text;
  throw new UsageError(
    `invalid value for --think: ${JSON.stringify(text)} (must be true, false, high, medium, low, or max)`,
  );
}
