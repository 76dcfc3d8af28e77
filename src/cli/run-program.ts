import { constants } from "node:os";

const numberOf = (signal: NodeJS.Signals | number): number =>
  typeof signal === "number" ? signal : constants.signals[signal];

/**
 * See {@link Cli.runProgram}; `env` is the whole environment. Ctrl-C on a terminal reaches the program by itself, which decides what it means; a signal that is sent to
 * this process alone is passed on.
 */
export async function runProgram(
  [program = "", ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number | undefined> {
  const path = Bun.which(program);
  if (path === null) return undefined;
  let child: Bun.Subprocess | undefined;
  const interrupt = () => {
    if (process.stdin.isTTY !== true) child?.kill("SIGINT");
  };
  const end = () => child?.kill("SIGTERM");
  // Before the program is there: a signal that comes as it starts would end this process, and leave it alone.
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", end);
  try {
    child = Bun.spawn([path, ...args], { env, stdin: "inherit", stdout: "inherit", stderr: "inherit" });
    const code = await child.exited;
    return child.signalCode === null ? code : 128 + numberOf(child.signalCode);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", end);
  }
}
