import { getLlama } from "node-llama-cpp";

/** Relevance from 0 to 1 of each document, by node-llama-cpp's own ranking context over the same binary: the reference for ours. */
export async function rankingOracle(
  modelPath: string,
  query: string,
  documents: string[],
): Promise<number[]> {
  const llama = await getLlama({ build: "never", gpu: false, maxThreads: 2 });
  try {
    const model = await llama.loadModel({ modelPath, gpuLayers: 0 });
    const context = await model.createRankingContext({ contextSize: 512, threads: 2 });
    return await context.rankAll(query, documents);
  } finally {
    await llama.dispose();
  }
}
