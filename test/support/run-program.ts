/** How a program ended, and what it printed. */
export interface ProgramResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** How a command is run. */
export interface RunOptions {
  /** Its whole environment; default: this process's. */
  env?: Record<string, string | undefined>;
  cwd?: string | undefined;
  /** What it reads; default: nothing. */
  stdin?: string | undefined;
  /** It is killed when it takes longer; default: no limit. */
  timeoutMs?: number;
}

/** Runs a command to its end. */
export async function runCommand(
  command: readonly string[],
  { env, cwd, stdin, timeoutMs }: RunOptions = {},
): Promise<ProgramResult> {
  const child = Bun.spawn([...command], {
    ...(env !== undefined && { env }),
    ...(cwd !== undefined && { cwd }),
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
    killSignal: "SIGKILL",
    stdin: stdin === undefined ? "ignore" : new Blob([stdin]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}

/**
 * Runs a TypeScript program in a Bun process of its own, to its end, without standard input.
 * @param command the program's path and its arguments.
 * @param env added to this process's environment.
 */
export const runProgram = (
  command: readonly string[],
  env: Record<string, string> = {},
): Promise<ProgramResult> => runCommand([process.execPath, ...command], { env: { ...process.env, ...env } });
