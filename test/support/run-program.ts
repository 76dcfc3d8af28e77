/** How a program ended, and what it printed. */
export interface ProgramResult {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a TypeScript program in a Bun process of its own, to its end, without standard input.
 * @param command the program's path and its arguments.
 * @param env added to this process's environment.
 */
export async function runProgram(
  command: readonly string[],
  env: Record<string, string> = {},
): Promise<ProgramResult> {
  const child = Bun.spawn([process.execPath, ...command], {
    env: { ...process.env, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, stdout, stderr };
}
