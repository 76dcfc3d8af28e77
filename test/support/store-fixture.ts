import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../src/lib/clock.ts";
import type { Digest } from "../../src/lib/digest.ts";
import { digestOfHex } from "../../src/lib/digest.ts";
import { renderManifest } from "../../src/store/manifest.ts";
import { MEDIA } from "../../src/store/media-type.ts";
import type { Store } from "../../src/store/store.ts";
import type { StoredName } from "../../src/store/stored-name.ts";

/** An empty directory that is removed when the test's scope ends. */
export function tempDirectory(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), "llamero-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Wall time that the test moves; timers never fire. */
export function manualClock(start: number = Date.now()): Clock & { advance(ms: number): void } {
  let now = start;
  return {
    now: () => now,
    nanos: () => now * 1e6,
    after: () => () => {},
    advance(ms) {
      now += ms;
    },
  };
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export function digestOf(content: string | Uint8Array): Digest {
  return digestOfHex(new Bun.CryptoHasher("sha256").update(content).digest("hex"));
}

/** A body that arrives in pieces, as uploads do. */
export async function* chunks(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === "string" ? bytesOf(part) : part;
}

export const nameOf = (model: string, tag = "latest"): StoredName => ({
  host: "registry.ollama.ai",
  namespace: "library",
  model,
  tag,
});

/** Commits a model of plain texts: a config and the given layers, all staged. @returns the manifest's digest. */
export async function commitTexts(
  store: Store,
  name: StoredName,
  layers: Record<string, string>,
): Promise<string> {
  const config = { mediaType: MEDIA.config, content: `{"of":"${name.model}"}\n` };
  const parts = [config, ...Object.entries(layers).map(([mediaType, content]) => ({ mediaType, content }))];
  const staged = await Promise.all(parts.map((part) => store.blobs.stage(bytesOf(part.content))));
  const [first, ...rest] = staged.map(({ digest, size }, index) => ({
    mediaType: parts[index]!.mediaType,
    digest,
    size,
  }));
  const manifest = renderManifest({ config: first!, layers: rest });
  const texts = parts.map(({ content }) => ({ digest: digestOf(content), content }));
  store.commit({ name, manifest, staged, gguf: [], texts });
  return digestOf(manifest).slice(7);
}
