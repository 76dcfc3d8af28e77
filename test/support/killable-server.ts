import { join } from "node:path";

const MAIN = join(import.meta.dir, "../../src/main.ts");

/** One life of a server whose store outlives it. */
export interface KillableServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly pid: number;
  /** What it has logged so far. */
  log(): string;
  end(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
}

/**
 * Starts a server over the store in `home`, which servers have one after the other.
 * @param env further environment, e.g. OLLAMA_ALLOWED_REGISTRIES.
 */
export async function startKillable(home: string, env: Record<string, string>): Promise<KillableServer> {
  const child = Bun.spawn([process.execPath, MAIN, "serve"], {
    env: {
      PATH: process.env.PATH,
      HOME: home,
      OLLAMA_HOST: "127.0.0.1:0",
      OLLAMA_MODELS: join(home, "models"),
      ...env,
    },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const reader = child.stderr.getReader();
  const decoder = new TextDecoder();
  let log = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the server did not start:\n${log}`);
    log += decoder.decode(value, { stream: true });
    const url = /Listening on (http:\S+)/.exec(log)?.[1];
    if (url === undefined) continue;
    // Whatever else it logs must not fill the pipe.
    const drained = (async () => {
      for (;;) {
        const more = await reader.read();
        if (more.done) return;
        log += decoder.decode(more.value, { stream: true });
      }
    })();
    const end: KillableServer["end"] = async (signal) => {
      child.kill(signal);
      await child.exited;
      await drained;
    };
    return { url, pid: child.pid, log: () => log, end };
  }
}
