/** What a model said greedily, and how. */
export interface Answer {
  tokens: number[];
  tokensPerSecond: number;
  /** By /api/ps: in all, and of those on GPUs. */
  bytes: number;
  gpuBytes: number;
}

/** A GPU rounds its own way, so that a close choice may turn out otherwise, and all after it; the first ones are hardly all close. */
const LEAST_COMMON = 8;

/**
 * Does a GPU say what the CPU says?
 * @param onGpu whether memory of a GPU must have been used.
 */
export function judgeAnswers(
  cpu: Answer | undefined,
  gpu: Answer | undefined,
  onGpu: boolean,
): { says: string; problem?: string } {
  if (cpu === undefined || gpu === undefined) return { says: "no answer", problem: "there is no answer" };
  const differs = cpu.tokens.findIndex((token, at) => token !== gpu.tokens[at]);
  const common = differs < 0 ? cpu.tokens.length : differs;
  const says = [
    `${common} of ${cpu.tokens.length} greedy tokens are the CPU's`,
    `${gpu.tokensPerSecond.toFixed(1)} tokens/s against the CPU's ${cpu.tokensPerSecond.toFixed(1)}`,
    `${mebibytes(gpu.gpuBytes)} of ${mebibytes(gpu.bytes)} MiB on the GPU`,
  ].join(", ");
  if (common < Math.min(LEAST_COMMON, cpu.tokens.length) || cpu.tokens.length === 0)
    return { says, problem: "the GPU says something else than the CPU" };
  if (onGpu && gpu.gpuBytes === 0) return { says, problem: "nothing of the model is on the GPU" };
  return { says };
}

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
