import { expect } from "bun:test";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { type ModelName, parseModelName } from "../../src/models/name.ts";
import { createPusher } from "../../src/registry/create-pusher.ts";
import type { UploadSettings } from "../../src/registry/push/settings.ts";
import type { ModelPush, Pusher, PushStatus } from "../../src/registry/pusher.ts";
import type { SessionDeps } from "../../src/registry/session.ts";
import { type Layer, parseManifest, renderManifest } from "../../src/store/manifest.ts";
import { MEDIA } from "../../src/store/media-type.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { IMPATIENT, sessionFor } from "./pull-fixture.ts";
import {
  type Fault,
  type RegistryServer,
  type RegistryServerOptions,
  type Seen,
  startRegistry,
} from "./registry-server.ts";
import { bytesOf, digestOf, tempDirectory } from "./store-fixture.ts";
import { ggufWithWeights } from "./weights-gguf.ts";

export const MIB = 2 ** 20;

type Line = PushStatus | { error: string };

export interface PushFixture extends AsyncDisposable {
  registry: RegistryServer;
  store: Store;
  pusher: Pusher & AsyncDisposable;
  directory: string;
  /** A further pusher over the same store, as the next process has it. */
  next(): Pusher & AsyncDisposable;
  /** Installs a model with weights of about `mebibytes`, which all have in common. @returns its weights and manifest. */
  add(model: string, mebibytes: number, from?: string): Promise<{ weights: Layer; manifest: Uint8Array }>;
  request(model: string, more?: Partial<ModelPush>): ModelPush;
  /** Pushes to the end. @returns the lines; a failure is the last one, as `{ error }`. */
  push(model: string, more?: Partial<ModelPush>): Promise<Line[]>;
  /** Requests of one method, `PATCH` for those that carry bytes. */
  seen(method: string): Seen[];
  /** Bytes of blobs that the registry received. */
  received(): number;
}

/** A pusher over a store, and a registry that it may use. Parts have 1 MiB. */
export async function pushFixture(
  options: RegistryServerOptions = {},
  more: { settings?: Partial<UploadSettings>; session?: Partial<SessionDeps> } = {},
): Promise<PushFixture> {
  const directory = tempDirectory();
  const registry = await startRegistry(options);
  const store = openStore({ directory: directory.path });
  const session = sessionFor(registry, more.session);
  const settings = { ...IMPATIENT, replyMs: 300, partBytes: () => MIB, ...more.settings };
  const pushers: AsyncDisposable[] = [];
  const next = () => {
    const pusher = createPusher({ store, clock: systemClock, logger: silentLogger, session, settings });
    pushers.push(pusher);
    return pusher;
  };
  const name = (model: string): ModelName => parseModelName(`${registry.host}/library/${model}`)!;
  const request: PushFixture["request"] = (model, extra = {}) => ({
    name: name(model),
    insecure: true,
    ...extra,
  });
  const pusher = next();
  const seen = (method: string) => registry.seen.filter((each) => each.method === method);
  return {
    registry,
    store,
    pusher,
    next,
    directory: directory.path,
    request,
    seen,
    add: async (model, mebibytes, from) =>
      install(store, name(model), await ggufWithWeights(mebibytes), from),
    async push(model, extra) {
      const lines: Line[] = [];
      try {
        for await (const line of pusher.push(request(model, extra), new AbortController().signal))
          lines.push(line);
      } catch (error) {
        lines.push({ error: error instanceof Error ? error.message : String(error) });
      }
      return lines;
    },
    received: () =>
      registry.seen
        .filter(({ url }) => !url.includes("/manifests/"))
        .reduce((sum, { received }) => sum + received, 0),
    async [Symbol.asyncDispose]() {
      for (const each of pushers) await each[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
      store[Symbol.dispose]();
      directory[Symbol.dispose]();
    },
  };
}

async function install(store: Store, name: ModelName, bytes: Uint8Array, from?: string) {
  const stage = async (mediaType: string, content: Uint8Array, origin?: string) => {
    const staged = await store.blobs.stage(content);
    const { digest, size } = staged;
    return { staged, layer: { mediaType, digest, size, ...(origin !== undefined && { from: origin }) } };
  };
  const config = await stage(MEDIA.config, bytesOf('{"model_format":"gguf"}\n'));
  const weights = await stage(MEDIA.model, bytes, from);
  const license = await stage(MEDIA.license, bytesOf(`License of ${name.model}.`));
  const manifest = renderManifest({ config: config.layer, layers: [weights.layer, license.layer] });
  const staged = [config.staged, weights.staged, license.staged];
  store.commit({ name, manifest, staged, gguf: [], texts: [] });
  return { weights: weights.layer, manifest, digest: digestOf(manifest) };
}

/** Bytes of a model's blobs. */
export const total = ({ manifest }: { manifest: Uint8Array }): number =>
  layersOf(manifest).reduce((sum, { size }) => sum + size, 0);

function layersOf(bytes: Uint8Array): Layer[] {
  const { config, layers } = parseManifest(bytes);
  return [config, ...layers];
}

/** Fault of some of the parts after the first, or of other requests of that method: those from `skip` on, `count` of them. */
export function faulty(method: string, fault: Fault, { skip = 0, count = 1 } = {}) {
  let nth = 0;
  return (request: Seen): Fault | undefined => {
    const start = request.method === "PATCH" ? request.range : /^\/parts\/.*\/(\d+)/.exec(request.url)?.[1];
    const isOne = /PATCH|PUT/.test(method) ? Number.parseInt(start ?? "0", 10) > 0 : true;
    if (request.method !== method || !isOne) return undefined;
    const at = nth++;
    return at >= skip && at < skip + count ? fault : undefined;
  };
}

/** The registry has the manifest byte for byte, and every blob, whose digest it has checked itself. */
export function expectThere({ registry }: PushFixture, model: string, manifest: Uint8Array): void {
  expect(registry.stored(`library/${model}:latest`)).toEqual(Buffer.from(manifest));
  for (const { digest, size } of layersOf(manifest)) expect(registry.stored(digest)?.length).toBe(size);
}
