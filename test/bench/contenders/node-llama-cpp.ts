/** node-llama-cpp's own evaluation loop over the same binary, with the same thread count. */
import { getLlama, type LlamaContext, LlamaLogLevel, type LlamaModel, type Token } from "node-llama-cpp";
import { usableCores } from "../../../native/runner/cores.ts";
import { embedTexts, type Figure, jointRate, longText, perSecond, STORY, WORK } from "../work.ts";
import { serveContender } from "./child.ts";

const [text = "", embedding = ""] = process.argv.slice(2);
const threads = usableCores();
const llama = await getLlama({
  build: "never",
  gpu: false,
  maxThreads: threads,
  logLevel: LlamaLogLevel.disabled,
});
let loaded: { model: LlamaModel; context: LlamaContext } | undefined;

async function textModel() {
  if (loaded !== undefined) return loaded;
  const model = await llama.loadModel({ modelPath: text, gpuLayers: 0 });
  const context = await model.createContext({
    contextSize: WORK.contextLength,
    sequences: WORK.parallel,
    batchSize: 512,
    threads,
  });
  loaded = { model, context };
  return loaded;
}

/** Generates `count` tokens after `prompt`. @returns when each came, in nanoseconds. */
async function generate(prompt: Token[], count: number): Promise<number[]> {
  const { context } = await textModel();
  const sequence = context.getSequence();
  const times: number[] = [];
  try {
    for await (const _ of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
      if (times.push(Bun.nanoseconds()) === count) break;
    }
    return times;
  } finally {
    await sequence.dispose();
  }
}

async function prompt(tokens: number, salt: number): Promise<Token[]> {
  return (await textModel()).model.tokenize(longText(tokens, salt), true);
}

async function embed(): Promise<number> {
  const model = await llama.loadModel({ modelPath: embedding, gpuLayers: 0 });
  await using context = await model.createEmbeddingContext({ threads });
  await context.getEmbeddingFor("warm");
  const begin = Bun.nanoseconds();
  for (const input of embedTexts()) await context.getEmbeddingFor(input);
  const rate = perSecond(WORK.embedInputs, Bun.nanoseconds() - begin);
  await model.dispose();
  return rate;
}

serveContender(async (figure: Figure, salt: number) => {
  switch (figure) {
    case "decode": {
      const times = await generate(await prompt(WORK.decodePrompt, salt), WORK.decodeTokens);
      return perSecond(WORK.decodeTokens - 1, times.at(-1)! - times[0]!);
    }
    case "prompt": {
      const tokens = await prompt(WORK.promptTokens, salt);
      const begin = Bun.nanoseconds();
      const [first] = await generate(tokens, 1);
      return perSecond(tokens.length, first! - begin);
    }
    case "parallel": {
      const prompts = await Promise.all(
        Array.from({ length: WORK.parallel }, (_, i) => prompt(WORK.parallelPrompt, salt * 10 + i)),
      );
      const runs = await Promise.all(prompts.map((tokens) => generate(tokens, WORK.parallelTokens)));
      return jointRate(runs);
    }
    case "embed":
      return embed();
    case "load":
      await generate((await textModel()).model.tokenize(STORY, true), 1);
      return 0;
  }
});
