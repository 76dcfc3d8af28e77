export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** Where log lines go. `http`, `engine` and the rest get one handed down; none of them writes to stderr itself. */
export interface Logger {
  trace(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const ORDER: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error"];

const quote = (value: string): string => (/^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value));

export type LogFormat = "text" | "json";

type Line = (level: LogLevel, message: string, fields: LogFields) => string;

const textLine: Line = (level, message, fields) => {
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${typeof value === "string" ? quote(value) : value}`);
  return `time=${new Date().toISOString()} level=${level.toUpperCase()} msg=${quote(message)}${rest.join("")}`;
};

/** The same fields as a text line has, in the same order; no field of a message can replace one of the first three. */
const jsonLine: Line = (level, message, fields) => {
  const head = { time: new Date().toISOString(), level: level.toUpperCase(), msg: message };
  return JSON.stringify({ ...head, ...fields, ...head });
};

const toStderr = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * Lines in Ollama's own format (`time=… level=INFO msg="…" key=value`), so that people's log filters go on working; or a JSON object
 * each, with the same keys.
 *
 * @param write receives one line without its newline. Default: stderr.
 */
export function createLogger(
  level: LogLevel,
  format: LogFormat = "text",
  write: (line: string) => void = toStderr,
): Logger {
  const least = ORDER.indexOf(level);
  const lineOf = format === "json" ? jsonLine : textLine;
  const at =
    (line: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (ORDER.indexOf(line) >= least) write(lineOf(line, message, fields));
    };
  return { trace: at("trace"), debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Swallows everything; for tests and one-shot commands. */
export const silentLogger: Logger = createLogger("error", "text", () => {});
