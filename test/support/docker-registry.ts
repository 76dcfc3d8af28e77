import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aptUnpack } from "../../scripts/support/apt.ts";
import { cachePath, makeOnce } from "./cache.ts";
import { collect, freePort } from "./server.ts";

/** Debian's `docker-registry` on loopback: the plain OCI registry of tests, over an empty store of its own. */
export interface DockerRegistry extends AsyncDisposable {
  /** `127.0.0.1:<port>`, the first part of a model's name. */
  readonly host: string;
  /** Everything it has logged so far, requests included. */
  log(): string;
  /** Ends it and removes its store. */
  stop(): Promise<void>;
}

export interface DockerRegistryOptions {
  /** Ask every client for this name and password. Default: for none. */
  credentials?: { username: string; password: string };
  /** Be a pull-through mirror of the registry at this URL. Default: of none. */
  mirrors?: string;
}

const NAME = "docker-registry";
const PROGRAM = "usr/bin/docker-registry";
const START_LIMIT_MS = 30_000;
const POLL_MS = 50;

/**
 * Starts a registry that allows deleting, and waits until it answers. Where the program is not on the PATH, Debian's is unpacked
 * into the cache; installing it would start a registry on port 5000 that nobody asked for.
 *
 * @throws Error where it cannot be had, or does not start.
 */
export async function startDockerRegistry(options: DockerRegistryOptions = {}): Promise<DockerRegistry> {
  const program = await findProgram();
  const directory = await mkdtemp(join(tmpdir(), "llamero-docker-registry-"));
  const host = `127.0.0.1:${freePort()}`;
  const child = Bun.spawn([program, "serve", await writeConfig(directory, host, options)], {
    cwd: directory,
    env: { PATH: process.env.PATH, HOME: directory },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const logs = [collect(child.stdout), collect(child.stderr)];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    child.kill("SIGKILL");
    stopping ??= child.exited.then(() => rm(directory, { recursive: true, force: true }));
    return stopping;
  };
  const registry: DockerRegistry = {
    host,
    log: () => logs.map((log) => log()).join(""),
    stop,
    [Symbol.asyncDispose]: stop,
  };
  try {
    await untilReady(host, child);
  } catch (error) {
    await stop();
    throw new Error(`docker-registry did not start: ${String(error)}\n${registry.log()}`);
  }
  return registry;
}

async function findProgram(): Promise<string> {
  const found = Bun.which(NAME);
  if (found !== null) return found;
  const unpacked = await makeOnce(cachePath(`${NAME}-${process.arch}`), PROGRAM, async (target) => {
    await mkdir(target);
    await aptUnpack(NAME, target, `these tests need ${NAME} on the PATH`);
  });
  return join(unpacked, PROGRAM);
}

/** @returns the path of the configuration. */
async function writeConfig(
  directory: string,
  host: string,
  { credentials, mirrors }: DockerRegistryOptions,
): Promise<string> {
  const config = {
    version: 0.1,
    log: { level: "info", accesslog: { disabled: false } },
    storage: { filesystem: { rootdirectory: join(directory, "storage") }, delete: { enabled: true } },
    http: { addr: host, secret: "of upload sessions" },
    ...(mirrors && { proxy: { remoteurl: mirrors } }),
    ...(credentials && { auth: { htpasswd: { realm: "test", path: join(directory, "htpasswd") } } }),
  };
  if (credentials !== undefined) {
    const { username, password } = credentials;
    const hash = await Bun.password.hash(password, { algorithm: "bcrypt", cost: 4 });
    await writeFile(join(directory, "htpasswd"), `${username}:${hash}\n`);
  }
  const path = join(directory, "config.yml");
  // YAML takes JSON.
  await writeFile(path, JSON.stringify(config));
  return path;
}

async function untilReady(host: string, child: Bun.Subprocess): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}`);
    const answer = await fetch(`http://${host}/v2/`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    // 401: it is there and asks for a password.
    if (answer?.status === 200 || answer?.status === 401) return;
    await Bun.sleep(POLL_MS);
  }
  throw new Error(`no answer within ${START_LIMIT_MS} ms`);
}
