import { basename } from "node:path";
import { defined } from "../../src/lib/defined.ts";
import { AppError } from "../../src/lib/errors.ts";

interface Options {
  cwd?: string;
  /** Called with each line of the output, as it comes. */
  onLine?(line: string): void;
}

/** Lines kept for the reason of a failure: a compiler names an error long before the build ends. */
const MOST_LINES = 200;

/**
 * Runs a command to its end.
 *
 * @param what for the error: `libmtmd`, `the engine`.
 * @throws AppError `unsupported` with the first line that speaks of an error.
 */
export async function mustRun(
  what: string,
  command: readonly string[],
  options: Options = {},
): Promise<void> {
  const { cwd, onLine } = options;
  const child = Bun.spawn([...command], {
    ...defined({ cwd }),
    stdin: "ignore",
    stdout: onLine === undefined ? "ignore" : "pipe",
    stderr: "pipe",
  });
  const lines: string[] = [];
  const keep = (line: string): void => {
    if (line.trim() !== "" && lines.length < MOST_LINES) lines.push(line.trim());
  };
  const reading = [eachLine(child.stderr, keep)];
  if (onLine !== undefined && child.stdout instanceof ReadableStream)
    reading.push(eachLine(child.stdout, onLine));
  await Promise.all(reading);
  const code = await child.exited;
  if (code === 0) return;
  const reason = lines.find((line) => /error|fatal/i.test(line)) ?? lines.at(-1) ?? `exit status ${code}`;
  throw new AppError("unsupported", `${what} could not be built: ${basename(command[0] ?? "")}: ${reason}`);
}

async function eachLine(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  }
  if (rest !== "") take(rest);
}
