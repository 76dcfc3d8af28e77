import { rename, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "../../src/lib/digest.ts";
import { parseDigest } from "../../src/lib/digest.ts";
import { renderManifest } from "../../src/store/manifest.ts";
import { MEDIA } from "../../src/store/media-type.ts";
import { CONFIG } from "./registry-server.ts";
import { digestOfFile } from "./server.ts";
import { digestOf, tempDirectory } from "./store-fixture.ts";
import { writeWeights } from "./weights-gguf.ts";

/** A registry on loopback with one large model, in a process of its own: it is fast, and its memory is not the test's. */
export interface FileRegistry extends AsyncDisposable {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  /** Name of the model, with its host. */
  readonly model: string;
  readonly weights: { digest: Digest; bytes: number; url: string };
}

/** @param mebibytes size of the model's only tensor. Takes as much room in the temporary directory until it is disposed. */
export async function startFileRegistry(mebibytes: number): Promise<FileRegistry> {
  const directory = tempDirectory();
  try {
    const weights = await publish(directory.path, mebibytes);
    const started = Promise.withResolvers<string>();
    const child = Bun.spawn(
      [process.execPath, join(import.meta.dir, "file-registry-child.ts"), directory.path],
      {
        stdio: ["ignore", "ignore", "inherit"],
        ipc: (host: string) => started.resolve(host),
        onExit: (_child, code) => started.reject(new Error(`the registry exited with ${code}`)),
      },
    );
    const host = await started.promise;
    return {
      host,
      model: `${host}/library/large`,
      weights: { ...weights, url: `http://${host}/v2/library/large/blobs/${weights.digest}` },
      async [Symbol.asyncDispose]() {
        child.kill();
        await child.exited;
        directory[Symbol.dispose]();
      },
    };
  } catch (error) {
    directory[Symbol.dispose]();
    throw error;
  }
}

async function publish(directory: string, mebibytes: number): Promise<{ digest: Digest; bytes: number }> {
  const gguf = join(directory, "weights.gguf");
  await writeWeights(gguf, mebibytes);
  const digest = parseDigest(await digestOfFile(gguf))!;
  const { size } = await stat(gguf);
  const config = { mediaType: MEDIA.config, digest: digestOf(CONFIG), size: CONFIG.length };
  const manifest = renderManifest({ config, layers: [{ mediaType: MEDIA.model, digest, size }] });
  await Promise.all([
    rename(gguf, join(directory, digest)),
    Bun.write(join(directory, config.digest), CONFIG),
    Bun.write(join(directory, "latest"), manifest),
  ]);
  return { digest, bytes: size };
}
