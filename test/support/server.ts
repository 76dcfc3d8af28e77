import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const MAIN = join(import.meta.dir, "../../src/main.ts");
const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 15_000;
const POLL_MS = 50;

/** A llamero server in a process of its own, over an empty store of its own. */
export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly modelsDir: string;
  /** Everything it has logged so far. */
  stderr(): string;
  /** Ends it with SIGTERM and removes its store. Fails when it does not end by itself, after killing it. */
  stop(): Promise<void>;
}

/**
 * Starts `llamero serve` and waits until it answers.
 *
 * @param env further environment, e.g. `{ OLLAMA_NUM_PARALLEL: "4" }`.
 * @param port default: one that is free.
 * @param main of another checkout.
 */
export async function startServer(
  env: Record<string, string> = {},
  port = freePort(),
  main = MAIN,
): Promise<TestServer> {
  const home = await mkdtemp(join(tmpdir(), "llamero-e2e-"));
  const modelsDir = join(home, "models");
  const child = Bun.spawn([process.execPath, main, "serve"], {
    env: { ...inherited(), HOME: home, OLLAMA_HOST: `127.0.0.1:${port}`, OLLAMA_MODELS: modelsDir, ...env },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const log = collect(child.stderr);
  const url = `http://127.0.0.1:${port}`;

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= end(child).finally(() => rm(home, { recursive: true, force: true }));
    return stopping;
  };
  const server: TestServer = {
    url,
    port,
    pid: child.pid,
    modelsDir,
    stderr: log,
    stop,
    [Symbol.asyncDispose]: stop,
  };
  try {
    await untilReady(url, child);
  } catch (error) {
    await stop();
    throw new Error(`the server did not start: ${String(error)}\n${log()}`);
  }
  return server;
}

/** Environment of a server that reaches nothing but this machine: everything else goes to a proxy that nobody runs. */
export const OFFLINE = {
  HTTP_PROXY: "http://127.0.0.1:9",
  HTTPS_PROXY: "http://127.0.0.1:9",
  NO_PROXY: "127.0.0.1,localhost",
};

/** A port of 127.0.0.1 that nobody listens on. */
export function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

/** The developer's environment without what configures a server. */
function inherited(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(OLLAMA|LLAMERO)_/.test(entry[0]),
  );
  return Object.fromEntries(kept);
}

/** The text of a stream so far. */
export function collect(stream: ReadableStream<Uint8Array>): () => string {
  const decoder = new TextDecoder();
  let text = "";
  const reading = (async () => {
    for await (const chunk of stream) text += decoder.decode(chunk, { stream: true });
  })();
  reading.catch((error: unknown) => {
    text += `\n[stderr could not be read: ${String(error)}]`;
  });
  return () => text;
}

async function untilReady(url: string, child: Bun.Subprocess): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}`);
    const answer = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    if (answer?.status === 200) return;
    await Bun.sleep(POLL_MS);
  }
  throw new Error(`no answer within ${START_LIMIT_MS} ms`);
}

async function end(child: Bun.Subprocess): Promise<void> {
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await child.exited;
  clearTimeout(killer);
  if (child.signalCode === "SIGKILL") throw new Error(`the server ignored SIGTERM for ${STOP_LIMIT_MS} ms`);
}

/**
 * Uploads a GGUF file and makes a model of it, through the API alone.
 * @param extra further fields of `/api/create`, e.g. `{ parameters: { num_predict: 64 } }`.
 * @returns the digest of the file.
 */
export async function createModel(
  server: Pick<TestServer, "url">,
  name: string,
  ggufPath: string,
  extra: Record<string, unknown> = {},
): Promise<string> {
  const digest = await digestOfFile(ggufPath);
  const upload = await fetch(`${server.url}/api/blobs/${digest}`, {
    method: "POST",
    body: Bun.file(ggufPath),
  });
  const answer = await upload.text();
  if (upload.status !== 200 && upload.status !== 201) throw new Error(`upload: ${upload.status} ${answer}`);
  await postCreate(server, { model: name, files: { [basename(ggufPath)]: digest }, ...extra });
  return digest;
}

/** Makes a model from one that is there, e.g. with other PARAMETERs. */
export async function deriveModel(
  server: Pick<TestServer, "url">,
  name: string,
  from: string,
  extra: Record<string, unknown> = {},
): Promise<void> {
  await postCreate(server, { model: name, from, ...extra });
}

async function postCreate(server: Pick<TestServer, "url">, request: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${server.url}/api/create`, {
    method: "POST",
    body: JSON.stringify({ ...request, stream: false }),
  });
  const answer = await response.text();
  if (response.status === 200 && answer === '{"status":"success"}') return;
  throw new Error(`create ${String(request.model)}: ${response.status} ${answer}`);
}

/** `sha256:<hex>` of a file, which is read piece by piece. */
export async function digestOfFile(path: string): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(path).stream()) hasher.update(chunk);
  return `sha256:${hasher.digest("hex")}`;
}
