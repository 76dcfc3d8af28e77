import type { RunnerLoad } from "../../src/engine/protocol.ts";

/** What a runner is told to load, with what a server says by default of a small model. */
export const runnerLoad = (more: Partial<RunnerLoad> & Pick<RunnerLoad, "modelPath">): RunnerLoad => ({
  type: "load",
  adapterPaths: [],
  embeddingOnly: false,
  ranks: false,
  contextLength: 1024,
  parallel: 1,
  batchSize: 0,
  gpuLayers: -1,
  threads: 0,
  flashAttention: "auto",
  kvCacheType: "f16",
  ...more,
});
