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

/**
 * Lines in Ollama's own format (`time=… level=INFO msg="…" key=value`), so that people's log filters go on working.
 * @param write receives one line without its newline. Default: stderr.
 */
export function createLogger(
  level: LogLevel,
  write: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Logger {
  const least = ORDER.indexOf(level);
  const at =
    (line: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (ORDER.indexOf(line) < least) return;
      const rest = Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => ` ${key}=${typeof value === "string" ? quote(value) : value}`);
      write(
        `time=${new Date().toISOString()} level=${line.toUpperCase()} msg=${quote(message)}${rest.join("")}`,
      );
    };
  return { trace: at("trace"), debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Swallows everything; for tests and one-shot commands. */
export const silentLogger: Logger = createLogger("error", () => {});
