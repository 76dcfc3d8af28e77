import { dirname, join } from "node:path";
import { DEFAULT_HOST, DEFAULT_NAMESPACE } from "../../src/models/name.ts";
import type { ModelSource } from "../models.ts";
import { requireSpace } from "./disk-space.ts";
import { Failure } from "./failure.ts";
import { progressLine } from "./progress-line.ts";
import { writeHashed } from "./sha256.ts";

/** A machine without a way to the registry must not wait for it. */
const FIRST_BYTE_MS = 3_000;
const STALL_MS = 20_000;
const MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json";
const WEIGHTS_TYPE = "application/vnd.ollama.image.model";

interface Layer {
  mediaType: string;
  digest: string;
  size: number;
}

/**
 * Downloads a model's GGUF from Ollama's registry into `scratch`.
 *
 * @throws Failure saying in a few words what went wrong.
 */
export async function fromRegistry(
  source: ModelSource,
  scratch: string,
  signal: AbortSignal,
): Promise<{ path: string; sha256: string }> {
  const [model, tag] = source.model.split(":");
  const base = `https://${DEFAULT_HOST}/v2/${DEFAULT_NAMESPACE}/${model}`;
  const layer = weightsLayer(await (await get(`${base}/manifests/${tag}`, signal)).json());
  await requireSpace(dirname(scratch), layer.size, source.model);
  const path = join(scratch, "registry.gguf");
  const sha256 = await download(`${base}/blobs/${layer.digest}`, path, layer, signal);
  if (`sha256:${sha256}` !== layer.digest)
    throw new Failure("the file has another digest than its manifest says");
  return { path, sha256 };
}

async function download(url: string, path: string, layer: Layer, signal: AbortSignal): Promise<string> {
  const stalled = new AbortController();
  const response = await get(url, AbortSignal.any([signal, stalled.signal]));
  if (response.body === null) throw new Failure("an empty reply");
  const line = progressLine("downloading from Ollama's registry", layer.size);
  const watch = setTimeout(() => stalled.abort(), STALL_MS);
  try {
    return await writeHashed(response.body, path, signal, (done) => {
      watch.refresh();
      line.update(done);
    });
  } catch (error) {
    if (stalled.signal.aborted) throw new Failure(`no data for ${STALL_MS / 1000} s`);
    throw error;
  } finally {
    clearTimeout(watch);
    line.end();
  }
}

/** A successful reply whose head came in time. */
async function get(url: string, signal: AbortSignal): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), FIRST_BYTE_MS);
  try {
    const response = await fetch(url, {
      headers: { accept: MANIFEST_TYPE },
      signal: AbortSignal.any([signal, late.signal]),
    });
    if (!response.ok) throw new Failure(`status ${response.status}`);
    return response;
  } catch (error) {
    if (error instanceof Failure) throw error;
    signal.throwIfAborted();
    throw new Failure(
      late.signal.aborted ? `no answer within ${FIRST_BYTE_MS / 1000} s` : "it cannot be reached",
    );
  } finally {
    clearTimeout(timer);
  }
}

function weightsLayer(manifest: unknown): Layer {
  const layers =
    typeof manifest === "object" && manifest !== null && "layers" in manifest ? manifest.layers : undefined;
  const found = Array.isArray(layers)
    ? layers.filter(isLayer).find((each) => each.mediaType === WEIGHTS_TYPE)
    : undefined;
  if (found === undefined) throw new Failure("its manifest names no model");
  return found;
}

function isLayer(value: unknown): value is Layer {
  return (
    typeof value === "object" &&
    value !== null &&
    "mediaType" in value &&
    "digest" in value &&
    "size" in value &&
    typeof value.size === "number" &&
    typeof value.digest === "string" &&
    /^sha256:[0-9a-f]{64}$/.test(value.digest)
  );
}
