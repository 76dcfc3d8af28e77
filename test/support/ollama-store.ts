import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Digest } from "../../src/lib/digest.ts";
import { type Layer, renderManifest } from "../../src/store/manifest.ts";
import { MEDIA } from "../../src/store/media-type.ts";
import { digestOf } from "./store-fixture.ts";
import { tinyGguf } from "./tiny-gguf.ts";

const CONFIG =
  '{"model_format":"gguf","model_family":"llama","model_families":["llama"],"model_type":"32","file_type":"Q4_1","architecture":"amd64","os":"linux"}';

/** A directory laid out as Ollama lays out its store (docs/behaviour: registry-and-store §2). */
export interface OllamaStore {
  directory: string;
  blobPath(digest: Digest): string;
  /** Writes a blob; @returns what a manifest says of it. */
  blob(mediaType: string, content: string | Uint8Array): Layer;
  /** Writes a file below `manifests/`. */
  manifest(place: string, bytes: string | Uint8Array): void;
  /** Adds a tiny llama with further layers. @returns its manifest's digest in hex. */
  model(place: string, layers?: Layer[]): Promise<string>;
  /** Every file: digest of its content, inode, mode, times and number of links. */
  snapshot(): Record<string, FileState>;
}

interface FileState {
  content: string;
  inode: number;
  mode: number;
  mtime: number;
  links: number;
}

/** @param directory need not exist. */
export function ollamaStore(directory: string): OllamaStore {
  const blobPath = (digest: Digest): string => join(directory, "blobs", digest.replace(":", "-"));
  const write = (path: string, bytes: string | Uint8Array): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  };
  const store: OllamaStore = {
    directory,
    blobPath,
    blob(mediaType, content) {
      const digest = digestOf(content);
      write(blobPath(digest), content);
      return { mediaType, digest, size: Buffer.byteLength(content) };
    },
    manifest: (place, bytes) => write(join(directory, "manifests", place), bytes),
    async model(place, layers = []) {
      const weights = store.blob(MEDIA.model, await tinyGguf());
      const manifest = renderManifest({
        config: store.blob(MEDIA.config, CONFIG),
        layers: [weights, ...layers],
      });
      store.manifest(place, manifest);
      return digestOf(manifest).slice(7);
    },
    snapshot: () => Object.fromEntries(filesBelow(directory).map((path) => [path, stateOf(path)])),
  };
  return store;
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function stateOf(path: string): FileState {
  const { ino: inode, mode, mtimeMs: mtime, nlink: links } = lstatSync(path);
  const content = lstatSync(path).isFile() ? digestOf(readFileSync(path)) : "";
  return { content, inode, mode, mtime, links };
}
