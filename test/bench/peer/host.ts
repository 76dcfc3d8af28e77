import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../support/server.ts";
import { listenerOn } from "./foreign-load.ts";

const START_LIMIT_MS = 30_000;
const POLL_MS = 20;
const MAIN = join(import.meta.dir, "../../../src/main.ts");

export type Settings = Readonly<Record<string, string>>;

/** A server's process: ours, or one that somebody else has made. */
export interface Host extends AsyncDisposable {
  /** Where it answers, without a slash at its end. */
  readonly url: string;
  /** Ends the process and starts another one over the same store; undefined where we did not start it. */
  readonly restart: ((settings: Settings) => Promise<void>) | undefined;
  /** The processes whose load is the server's own. */
  roots(): readonly number[];
}

/** A server that runs already, on this machine or on another one. */
export function runningHost(url: string): Host {
  const { hostname, port, protocol } = new URL(url);
  const local = hostname === "localhost" || hostname.startsWith("127.");
  const pid = local ? listenerOn(Number(port || (protocol === "https:" ? 443 : 80))) : undefined;
  return {
    url,
    restart: undefined,
    roots: () => (pid === undefined ? [] : [pid]),
    async [Symbol.asyncDispose]() {},
  };
}

/**
 * A server that is started here, and ended with SIGTERM.
 *
 * @param command what starts it, in the foreground.
 * @param env further environment.
 */
export async function startedHost(
  url: string,
  command: readonly string[],
  env: Settings,
  remove: () => void = () => {},
): Promise<Host> {
  let child: Bun.Subprocess | undefined;
  const end = async () => {
    child?.kill("SIGTERM");
    await child?.exited;
  };
  const restart = async (settings: Settings) => {
    await end();
    child = Bun.spawn([...command], {
      env: { ...process.env, ...env, ...settings },
      stdio: ["ignore", "ignore", "ignore"],
    });
    await untilReady(url, child);
  };
  await restart({});
  return {
    url,
    restart,
    roots: () => [child!.pid],
    async [Symbol.asyncDispose]() {
      await end();
      remove();
    },
  };
}

/** This checkout's server, with its defaults and an empty store. */
export function ownHost(): Promise<Host> {
  const home = mkdtempSync(join(tmpdir(), "llamero-bench-"));
  const address = `127.0.0.1:${freePort()}`;
  const env = { HOME: home, OLLAMA_HOST: address, OLLAMA_MODELS: join(home, "models") };
  const remove = () => rmSync(home, { recursive: true, force: true });
  return startedHost(`http://${address}`, [process.execPath, MAIN, "serve"], env, remove);
}

async function untilReady(url: string, child: Bun.Subprocess): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`what was to answer at ${url} ended with ${child.exitCode}`);
    const answer = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(2000) }).catch(() => {});
    if (answer?.ok) return;
    await Bun.sleep(POLL_MS);
  }
  throw new Error(`nothing answers at ${url}`);
}
