import type { Launch } from "./launch.ts";

/**
 * The load options in which a request differs from the runner that holds its weights, by the names users know. None: the
 * runner serves it. Spec: scheduler §1.1 and its list of ignored differences:
 *
 * - the context length, when neither of the two asked for one; otherwise the clamped lengths are compared;
 * - the number of GPU layers, when the request leaves it to us.
 */
export function launchDifferences(loaded: Launch, wanted: Launch): string[] {
  const sameContext =
    loaded.contextLength === wanted.contextLength || (loaded.automaticContext && wanted.automaticContext);
  const sameGpuLayers = wanted.gpuLayers === -1 || loaded.gpuLayers === wanted.gpuLayers;
  const compared: [string, boolean][] = [
    ["adapter", sameList(loaded.adapterPaths, wanted.adapterPaths)],
    ["num_ctx", sameContext],
    ["num_batch", loaded.batchSize === wanted.batchSize],
    ["num_gpu", sameGpuLayers],
    ["main_gpu", loaded.mainGpu === wanted.mainGpu],
    ["use_mmap", loaded.useMmap === wanted.useMmap],
    ["num_thread", loaded.threads === wanted.threads],
  ];
  return compared.filter(([, same]) => !same).map(([name]) => name);
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((path, i) => path === b[i]);
}
