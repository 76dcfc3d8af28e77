import { createHash } from "node:crypto";
import { type Client, unwrap } from "../../client/index.ts";
import type { Progress } from "../progress/progress.ts";

/** `sha256:` and 12 hex digits, as a pull shows them. */
const SHOWN_DIGEST = "sha256:".length + 12;
/** How long hashing may keep the timers waiting, in milliseconds: half of the time between two redraws of the progress. */
const TURN_MS = 50;

/**
 * Brings files to the server, each under its digest; one that the server has already is not sent.
 *
 * @param files name → path, as the server is to call them.
 * @returns name → `sha256:<hex>`.
 */
export async function uploadFiles(
  client: Client,
  files: ReadonlyMap<string, string>,
  progress: Progress,
): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const [name, path] of files) {
    const digest = await digestOf(path, (done, total) => progress.bar(`reading ${name}`, done, total));
    digests[name] = digest;
    if (await isThere(client, digest)) continue;
    const copied = (done: number, total: number) =>
      progress.bar(`copying file ${digest.slice(0, SHOWN_DIGEST)}`, done, total);
    await client.uploadBlob(digest, counted(path, copied));
  }
  return digests;
}

async function isThere(client: Client, digest: string): Promise<boolean> {
  const found = await client.api.blobs({ digest }).head();
  if (found.error?.status === 404) return false;
  unwrap(found);
  return true;
}

type OnBytes = (done: number, total: number) => void;

async function digestOf(path: string, onBytes: OnBytes): Promise<string> {
  const hash = createHash("sha256");
  let turn = performance.now();
  for await (const chunk of counted(path, onBytes)) {
    hash.update(chunk);
    if (performance.now() - turn < TURN_MS) continue;
    // Chunks of a file come without a turn of the event loop, and the bar would stand still.
    await Bun.sleep(0);
    turn = performance.now();
  }
  return `sha256:${hash.digest("hex")}`;
}

/** A file's bytes; each chunk is reported when it is taken, so that an upload reports what went out. */
function counted(path: string, onBytes: OnBytes): ReadableStream<Uint8Array> {
  const file = Bun.file(path);
  const reader = file.stream().getReader();
  let done = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await reader.read();
      if (next.done) return controller.close();
      done += next.value.length;
      onBytes(done, file.size);
      controller.enqueue(next.value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
