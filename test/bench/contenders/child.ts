import type { Contender, Figure, Models } from "../work.ts";

/**
 * A contender in a process of its own, so that no one's threads or memory are another's.
 * @param env its whole environment.
 */
export function childContender(
  script: string,
  models: Models,
  env: Record<string, string | undefined>,
): Contender {
  const waiting: ((value: number) => void)[] = [];
  const start = () => {
    const child = Bun.spawn([process.execPath, script, models.text, models.embedding], {
      env,
      stdio: ["ignore", "ignore", "inherit"],
      ipc: (value: number) => waiting.shift()?.(value),
    });
    return child;
  };
  let child = start();
  const ask = (message: { figure: Figure; salt: number }): Promise<number> => {
    const { promise, resolve } = Promise.withResolvers<number>();
    waiting.push(resolve);
    child.send(message);
    return promise;
  };
  const stop = async () => {
    child.kill();
    await child.exited;
  };
  return {
    async measure(figure, salt) {
      if (figure !== "load") return ask({ figure, salt });
      await stop();
      const begin = Bun.nanoseconds();
      child = start();
      await ask({ figure: "load", salt });
      return (Bun.nanoseconds() - begin) / 1e6;
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** The other end: answers each request with `measure`'s number. */
export function serveContender(measure: (figure: Figure, salt: number) => Promise<number>): void {
  process.on("message", ({ figure, salt }: { figure: Figure; salt: number }) => {
    measure(figure, salt).then(
      (value) => process.send?.(value),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}
