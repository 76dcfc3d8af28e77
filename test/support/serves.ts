import { freePort } from "./server.ts";

/** Starts a server by a command line of its own, asks it for its liveness, and ends it. */
export async function serves(command: string[], env: Record<string, string>): Promise<string> {
  const port = freePort();
  const child = Bun.spawn(command, {
    env: { ...env, OLLAMA_HOST: `127.0.0.1:${port}` },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  try {
    for (let tries = 0; tries < 300; tries++) {
      const reply = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
      if (reply !== undefined) return await reply.text();
      await Bun.sleep(100);
    }
    return "no answer";
  } finally {
    child.kill();
    await child.exited;
  }
}
