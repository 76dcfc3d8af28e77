import { getLlama } from "node-llama-cpp";

/** Tokens by node-llama-cpp over the same binary, control tokens read and not read: the reference for ours. */
export async function tokenOracle(
  modelPath: string,
  texts: readonly string[],
): Promise<{ special: number[]; plain: number[] }[]> {
  const llama = await getLlama({ build: "never", gpu: false, maxThreads: 2 });
  try {
    const model = await llama.loadModel({ modelPath, gpuLayers: 0, vocabOnly: true });
    return texts.map((text) => ({
      special: model.tokenize(text, true).map(Number),
      plain: model.tokenize(text, false).map(Number),
    }));
  } finally {
    await llama.dispose();
  }
}
