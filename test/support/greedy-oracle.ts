import { getLlama, type Token } from "node-llama-cpp";

/** Greedy tokens from node-llama-cpp's own evaluation loop over the same binary: the reference for ours. Stops before an end-of-generation token. */
export async function greedyOracle(
  modelPath: string,
  prompt: readonly number[],
  count: number,
): Promise<number[]> {
  const llama = await getLlama({ build: "never", gpu: false, maxThreads: 2 });
  try {
    const model = await llama.loadModel({ modelPath, gpuLayers: 0 });
    const context = await model.createContext({ contextSize: 1024, threads: 2, batchSize: 512 });
    const tokens: number[] = [];
    for await (const token of context.getSequence().evaluate([...prompt] as Token[], { temperature: 0 })) {
      if (model.isEogToken(token)) break;
      tokens.push(token);
      if (tokens.length === count) break;
    }
    return tokens;
  } finally {
    await llama.dispose();
  }
}
