import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "llamero/client";
import { startFileRegistry } from "./file-registry.ts";
import { digestOfFile, startServer } from "./server.ts";

/** Most bytes that a pull may make of the server's memory, however large the model (project issue 6). */
export const MEMORY_LIMIT = 150e6;

export interface LargePull {
  /** `sha256:<hex>` of the model's weights, and of the file that the server has of them. */
  published: string;
  stored: string;
  /** Most bytes that the server's process has occupied. */
  peakBytes: number;
}

/** Pulls a model of so many MiB with a server of its own. Linux only; takes three times as much room while it runs. */
export async function pullLarge(mebibytes: number): Promise<LargePull> {
  await using registry = await startFileRegistry(mebibytes);
  await using server = await startServer({ OLLAMA_ALLOWED_REGISTRIES: registry.host });
  const { digest } = registry.weights;
  await pullToEnd(server.url, registry.model);
  const stored = await digestOfFile(join(server.modelsDir, "blobs", digest.replace(":", "-")));
  return { published: digest, stored, peakBytes: peakMemory(server.pid) };
}

/** Pulls a model over http. @throws Error when that does not succeed. */
export async function pullToEnd(host: string, model: string): Promise<void> {
  const lines = await Array.fromAsync(createClient({ host }).pull({ model, insecure: true }));
  if (lines.at(-1)?.status !== "success")
    throw new Error(`the pull ended with ${JSON.stringify(lines.at(-1))}`);
}

/** Most bytes of memory that a process has had at any time. Linux only. */
export function peakMemory(pid: number): number {
  const kibibytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kibibytes) * 1024;
}
