import { constants, existsSync } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import { dirname } from "node:path";
import type { HostConfig } from "../config/config.ts";
import { printHost, reachableHost } from "../config/host.ts";
import { hostMemory } from "../engine/machine-memory.ts";
import { defined } from "../lib/defined.ts";
import { codeOf } from "../lib/error-code.ts";
import type { Drivers } from "./judge-engine.ts";
import type { Directory, Memory } from "./judge-machine.ts";
import type { Listener } from "./judge-port.ts";

/** Milliseconds that a server has to answer. */
const TIMEOUT_MS = 2000;

/** Finds out what runs at an address: asks it, and where no answer comes listens there for a moment. */
export async function lookAtPort(host: HostConfig): Promise<Listener> {
  const { unix } = host;
  try {
    const response = await fetch(
      `${unix === undefined ? printHost(reachableHost(host)) : "http://localhost"}/api/version`,
      {
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...defined({ unix }),
      },
    );
    return versionIn(await response.json());
  } catch {
    // No server that speaks HTTP with JSON; listening tells whether there is another one.
    return unix === undefined ? listenFor(host) : { who: existsSync(unix) ? "somebody" : "nobody" };
  }
}

function versionIn(reply: unknown): Listener {
  const { version, llamero_version } = { ...(reply as Record<string, unknown>) };
  if (typeof version !== "string") return { who: "somebody" };
  return {
    who: "server",
    ollama: version,
    ...(typeof llamero_version === "string" && { llamero: llamero_version }),
  };
}

function listenFor({ hostname, port }: HostConfig): Listener {
  try {
    Bun.listen({ hostname, port, socket: { data() {} } }).stop(true);
    return { who: "nobody" };
  } catch (error) {
    const code = codeOf(error);
    return code === "EADDRINUSE" || code === "" ? { who: "somebody" } : { who: "forbidden", code };
  }
}

/** Can the models' directory, or the one that it would be made in, be written to, and how much room is there? */
export async function lookAtDirectory(path: string): Promise<Directory> {
  const exists = existsSync(path);
  const nearest = exists ? path : nearestParent(path);
  try {
    await access(nearest, constants.W_OK | constants.X_OK);
  } catch (error) {
    return { path, exists, problem: codeOf(error) || String(error) };
  }
  const { bavail, bsize } = await statfs(nearest);
  return { path, exists, free: bavail * bsize };
}

function nearestParent(path: string): string {
  const parent = dirname(path);
  return existsSync(parent) || parent === path ? parent : nearestParent(parent);
}

/** Memory of this machine, or of the container that this is in. */
export async function lookAtMemory(): Promise<Memory> {
  const limit = Number.parseInt(await textOf("/sys/fs/cgroup/memory.max"), 10);
  const total = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return { available: hostMemory() ?? freemem(), total };
}

/** Drivers, found by the files that they install. */
export const lookAtDrivers = (): Drivers => ({
  nvidia: existsSync("/dev/nvidiactl") || existsSync("/proc/driver/nvidia/version"),
  amd: existsSync("/dev/kfd"),
  platform: `${process.platform}-${process.arch}`,
});

/** "" for a file that is not there: it is Linux's. */
const textOf = async (path: string): Promise<string> => (existsSync(path) ? await Bun.file(path).text() : "");
