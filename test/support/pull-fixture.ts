import { systemClock } from "../../src/lib/clock.ts";
import type { Digest } from "../../src/lib/digest.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { type ModelName, parseModelName } from "../../src/models/name.ts";
import { createSshKey } from "../../src/registry/auth/ssh-key.ts";
import { createPuller } from "../../src/registry/create-puller.ts";
import type { ModelPull, Puller, PullStatus } from "../../src/registry/puller.ts";
import type { SessionDeps } from "../../src/registry/session.ts";
import type { DownloadSettings } from "../../src/registry/settings.ts";
import { MEDIA } from "../../src/store/media-type.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import {
  type Fault,
  type RegistryServer,
  type RegistryServerOptions,
  type Seen,
  startRegistry,
} from "./registry-server.ts";
import { tempDirectory } from "./store-fixture.ts";
import { ggufWithWeights } from "./weights-gguf.ts";

/** Impatient, so that tests of failures take no time. */
export const IMPATIENT: DownloadSettings = {
  connections: 4,
  attempts: 3,
  stallMs: 150,
  backoffMs: () => 1,
};

export const key = createSshKey();

/** What sessions with a registry work with that is the only one allowed. */
export const sessionFor = (
  { host, cdnHost }: RegistryServer,
  more: Partial<SessionDeps> = {},
): SessionDeps => ({
  fetch: (url, init) => fetch(url, init),
  policy: { allowed: [host, cdnHost], lookup: async () => ["127.0.0.1"] },
  mirrors: [],
  logger: silentLogger,
  clock: systemClock,
  key: async () => key,
  userAgent: "llamero/test",
  huggingFaceToken: undefined,
  ...more,
});

export interface PullFixture extends AsyncDisposable {
  registry: RegistryServer;
  store: Store;
  directory: string;
  puller: Puller & AsyncDisposable;
  /** A puller over a store that behaves differently, or that fetches draft models. */
  over(store: Store, draftModels?: boolean): Puller & AsyncDisposable;
  /** The name of a model of the registry. */
  name(model: string): ModelName;
  /** Pulls to the end. @returns the lines; a failure is the last one, as `{ error }`. */
  pull(model: string, more?: Partial<ModelPull>): Promise<(PullStatus | { error: string })[]>;
  /** Publishes a model with weights of about `mebibytes`. */
  publish(model: string, mebibytes: number): Promise<{ weights: Digest; size: number; manifest: string }>;
}

/** A puller over an empty store, and a registry that it may use. */
export async function pullFixture(
  options: RegistryServerOptions = {},
  more: { settings?: Partial<DownloadSettings>; session?: Partial<SessionDeps> } = {},
): Promise<PullFixture> {
  const directory = tempDirectory();
  const registry = await startRegistry(options);
  const store = openStore({ directory: directory.path });
  const session = sessionFor(registry, more.session);
  const settings = { ...IMPATIENT, ...more.settings };
  const over: PullFixture["over"] = (other, draftModels = false) =>
    createPuller({ store: other, clock: systemClock, logger: silentLogger, session, settings, draftModels });
  const puller = over(store);
  const name = (model: string): ModelName => parseModelName(`${registry.host}/library/${model}`)!;
  return {
    registry,
    store,
    directory: directory.path,
    puller,
    over,
    name,
    async pull(model, request = {}) {
      const lines: (PullStatus | { error: string })[] = [];
      const all = { name: name(model), insecure: true, ...request };
      try {
        for await (const line of puller.pull(all, new AbortController().signal)) lines.push(line);
      } catch (error) {
        lines.push({ error: error instanceof Error ? error.message : String(error) });
      }
      return lines;
    },
    async publish(model, mebibytes) {
      const layer = registry.blob(MEDIA.model, await ggufWithWeights(mebibytes));
      const license = registry.blob(MEDIA.license, "Do as you like.");
      const manifest = registry.publish(`library/${model}:latest`, layer, license);
      return { weights: layer.digest, size: layer.size, manifest };
    },
    async [Symbol.asyncDispose]() {
      await puller[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
      store[Symbol.dispose]();
      directory[Symbol.dispose]();
    },
  };
}

/** The last line of a pull that went well. */
export const SUCCESS = { status: "success" };

/** The last line of a pull. */
export const last = (lines: readonly (PullStatus | { error: string })[]): unknown => lines.at(-1);

/** Whether a request is for a blob, or a part of one. */
export const isWeights = ({ method, url }: Seen): boolean => method === "GET" && url.includes("/blobs/");

/** Fault of the first requests of blobs that are parts of something larger; later ones are answered well. */
export function first(count: number, fault: Fault) {
  let left = count;
  return (request: Seen): Fault | undefined => {
    if (!isWeights(request) || request.start === 0 || left-- <= 0) return undefined;
    return fault;
  };
}
