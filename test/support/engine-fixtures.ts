import type { LaunchDefaults } from "../../src/engine/launch.ts";
import type { GenerateTask, LoadedInfo, LoadOptions, LoadSpec } from "../../src/engine/port.ts";
import { DEFAULT_SAMPLING } from "../../src/inference/options.ts";
import { digestOfHex } from "../../src/lib/digest.ts";

export const LAUNCH_DEFAULTS: LaunchDefaults = {
  contextLength: 4096,
  numParallel: 1,
  numThreads: 0,
  flashAttention: "auto",
  kvCacheType: "f16",
};

const digestFor = (name: string) => digestOfHex(new Bun.CryptoHasher("sha256").update(name).digest("hex"));

/** A model that loads; `name` decides its weights. */
export function specFor(
  name: string,
  options: LoadOptions = {},
  rest: Partial<Omit<LoadSpec, "options">> = {},
): LoadSpec {
  return {
    name: `${name}:latest`,
    manifestDigest: "0".repeat(64),
    weightsDigest: digestFor(name),
    weightsPath: `/models/blobs/${name}`,
    weightsBytes: 1000,
    adapterPaths: [],
    embeddingOnly: false,
    ranks: false,
    trainedContext: 8192,
    options,
    ...rest,
  };
}

export const infoFor = (contextLength: number, parallel: number): LoadedInfo => ({
  contextLength,
  parallel,
  embeddingLength: 8,
  vocabSize: 256,
  longestToken: 4,
  bosToken: "<s>",
  eosToken: "</s>",
  addsBos: true,
  addsEos: false,
  canShift: true,
  sizeBytes: 1234,
  sizeVramBytes: 0,
});

/** A task whose sampling does not matter. */
export const taskFor = (tokens: number[] = [1, 2, 3], rest: Partial<GenerateTask> = {}): GenerateTask => ({
  prompt: [tokens],
  sampling: DEFAULT_SAMPLING,
  shift: true,
  ...rest,
});
