import { rmSync } from "node:fs";
import type { Config, HostConfig } from "../config/config.ts";
import { printHost } from "../config/host.ts";
import { defined } from "../lib/defined.ts";
import { codeOf } from "../lib/error-code.ts";
import { AppError, badRequest, messageOf } from "../lib/errors.ts";
import { readBoundedFile } from "../lib/read-bounded-file.ts";
import type { Application } from "./app.ts";

/** A server that accepts connections until it is disposed. */
export interface Listening extends AsyncDisposable {
  /** Where it can be reached, e.g. `http://127.0.0.1:11434`; the port is the real one when 0 was asked for. */
  readonly url: string;
}

/** Where and how to listen. */
export type ListenConfig = Pick<Config, "host" | "tlsCert" | "tlsKey" | "socketMode">;

/** A chain of certificates has some kilobytes. */
const MAX_PEM_BYTES = 1024 * 1024;

/** How long a connection may stay silent, in seconds: Bun's maximum. Routes that may take longer lift it for themselves. */
const IDLE_TIMEOUT_SECONDS = 255;

/** How long replies may take to leave once the server is to stop. */
const LAST_REPLIES_MS = 1000;
const POLL_MS = 10;

/** Waits for the replies under way, so that a stream's last line is not cut off. */
async function repliesSent(server: { readonly pendingRequests: number }): Promise<void> {
  for (let waited = 0; server.pendingRequests > 0 && waited < LAST_REPLIES_MS; waited += POLL_MS)
    await Bun.sleep(POLL_MS);
}

const REASONS: Record<string, string> = {
  EADDRINUSE: "address already in use",
  EACCES: "permission denied",
  EADDRNOTAVAIL: "cannot assign requested address",
};

const addressOf = ({ unix, hostname, port }: HostConfig): string =>
  unix ?? (hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`);

/** The files of OLLAMA_TLS_CERT and OLLAMA_TLS_KEY; undefined for http. @throws AppError that names the variable. */
function tlsOf({ tlsCert, tlsKey }: ListenConfig): { cert: string; key: string } | undefined {
  if (tlsCert === "") return undefined;
  return { cert: readPem("OLLAMA_TLS_CERT", tlsCert), key: readPem("OLLAMA_TLS_KEY", tlsKey) };
}

function readPem(variable: string, path: string): string {
  try {
    return readBoundedFile(path, MAX_PEM_BYTES).toString("utf8");
  } catch (error) {
    const reason = messageOf(error);
    throw badRequest(`${variable}=${JSON.stringify(path)} cannot be read: ${reason}`);
  }
}

/** Binds a socket of the file system with this mode from its first moment on. */
function withSocketMode<T>(mode: number, bind: () => T): T {
  const before = process.umask(0o777 & ~mode);
  try {
    return bind();
  } finally {
    process.umask(before);
  }
}

/** The text that Ollama prints when it cannot listen. */
function listenError(error: unknown, host: HostConfig): AppError {
  const network = host.unix === undefined ? "tcp" : "unix";
  if (codeOf(error).startsWith("ERR_OSSL_"))
    return badRequest(
      `OLLAMA_TLS_CERT and OLLAMA_TLS_KEY cannot be used together: ${error instanceof Error ? error.message : ""}`,
    );
  const reason = REASONS[codeOf(error)] ?? messageOf(error);
  return new AppError("internal", `listen ${network} ${addressOf(host)}: bind: ${reason}`, { cause: error });
}

/** Removes a socket that a killed server has left behind. A socket that answers is in use, and stays. */
async function removeStaleSocket(path: string): Promise<void> {
  try {
    const socket = await Bun.connect({ unix: path, socket: { data() {} } });
    socket.end();
  } catch (error) {
    if (codeOf(error) === "ECONNREFUSED") rmSync(path);
  }
}

/**
 * Starts to serve `app` (docs/behaviour: scheduler-and-env §6).
 *
 * There is no limit on bodies here, because uploads have none; JSON routes have their own.
 *
 * @throws AppError such as `listen tcp 127.0.0.1:11434: bind: address already in use`.
 */
export async function listen(app: Application, config: ListenConfig): Promise<Listening> {
  const { host, socketMode } = config;
  const { unix, hostname, port } = host;
  const tls = tlsOf(config);
  const options = {
    fetch: (request: Request) => app.fetch(request),
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    // Bun's page for developers shows sources and paths to every client.
    development: false,
    ...defined({ tls }),
  };
  if (unix !== undefined) await removeStaleSocket(unix);
  try {
    const server =
      unix === undefined
        ? // Without `development` Bun would share a port that is in use.
          Bun.serve({ ...options, hostname, port, reusePort: false, idleTimeout: IDLE_TIMEOUT_SECONDS })
        : withSocketMode(socketMode, () => Bun.serve({ ...options, unix }));
    // Routes and the access log ask the application for its server.
    app.server = server;
    return {
      url: printHost({ ...host, scheme: tls ? "https" : "http", path: "", port: server.port ?? port }),
      async [Symbol.asyncDispose]() {
        await repliesSent(server);
        await server.stop(true);
        if (unix !== undefined) rmSync(unix, { force: true });
      },
    };
  } catch (error) {
    throw listenError(error, host);
  }
}
