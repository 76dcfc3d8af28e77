/** The ceiling: the same shim, driven in this process by the bare loop, with no scheduler, no IPC and no HTTP. */
import { findBinary } from "../../../native/runner/binary.ts";
import { Embedder } from "../../../native/runner/embedder.ts";
import { type LoadedModel, loadModel } from "../../../native/runner/engine.ts";
import { openSampler } from "../../../native/runner/sampler.ts";
import { StepArrays } from "../../../native/runner/step-arrays.ts";
import type { FromRunner, RunnerLoad } from "../../../src/engine/protocol.ts";
import { GREEDY } from "../../support/real-runner.ts";
import { runnerLoad } from "../../support/runner-load.ts";
import { embedTexts, type Figure, longText, perSecond, STORY, WORK } from "../work.ts";
import { serveContender } from "./child.ts";

const [text = "", embedding = ""] = process.argv.slice(2);

const request = (modelPath: string, embeddingOnly: boolean): RunnerLoad =>
  runnerLoad({
    modelPath,
    embeddingOnly,
    contextLength: embeddingOnly ? 512 : WORK.contextLength,
    parallel: embeddingOnly ? 1 : WORK.parallel,
  });

/** One process holds one model, which the first figure chooses. */
let model: LoadedModel | undefined;
let arrays: StepArrays | undefined;

async function textModel(): Promise<{ model: LoadedModel; arrays: StepArrays }> {
  model ??= await loadModel(request(text, false), findBinary("cpu"));
  arrays ??= new StepArrays(model.shim, model.batchSize, WORK.parallel);
  return { model, arrays };
}

/** Evaluates `prompts` in slots 0, 1, … and generates `count` tokens for each, all slots in every step. */
async function run(prompts: number[][], count: number): Promise<{ promptNs: number; decodeNs: number }> {
  const { model, arrays } = await textModel();
  const { shim } = model;
  for (const [slot, tokens] of prompts.entries()) {
    shim.shim_forget(slot, -1, -1);
    openSampler(
      shim,
      slot,
      { type: "generate", id: 0, prompt: [tokens], sampling: GREEDY, shift: false },
      WORK.contextLength,
    );
  }
  const begin = Bun.nanoseconds();
  const next = prompts.map((tokens, slot) => {
    for (let at = 0; at < tokens.length; at += model.batchSize) {
      const chunk = tokens.slice(at, at + model.batchSize);
      arrays.clear();
      arrays.add(slot, chunk, at, at + chunk.length === tokens.length);
      shim.shim_decode(chunk.length);
    }
    shim.shim_sample(1);
    return arrays.outputOf(slot).token;
  });
  const prompted = Bun.nanoseconds();
  for (let step = 1; step < count; step++) {
    arrays.clear();
    for (const [slot, token] of next.entries())
      arrays.add(slot, [token], prompts[slot]!.length + step - 1, true);
    shim.shim_decode(next.length);
    shim.shim_sample(next.length);
    for (const slot of next.keys()) next[slot] = arrays.outputOf(slot).token;
  }
  return { promptNs: prompted - begin, decodeNs: Bun.nanoseconds() - prompted };
}

async function embed(): Promise<number> {
  model ??= await loadModel(request(embedding, true), findBinary("cpu"));
  const { vocabulary } = model;
  const messages: FromRunner[] = [];
  const wake = () => {};
  const embedder = new Embedder(model, (message) => messages.push(message), wake);
  const begin = Bun.nanoseconds();
  embedder.add(
    1,
    embedTexts().map((input) => vocabulary.tokenize(input, true, false)),
  );
  while (!embedder.idle) embedder.step();
  if (messages[0]?.type !== "embeddings") throw new Error(JSON.stringify(messages));
  return perSecond(WORK.embedInputs, Bun.nanoseconds() - begin);
}

async function prompt(tokens: number, salt: number): Promise<number[]> {
  return (await textModel()).model.vocabulary.tokenize(longText(tokens, salt), true, true);
}

serveContender(async (figure: Figure, salt: number) => {
  switch (figure) {
    case "decode":
      return perSecond(
        WORK.decodeTokens - 1,
        (await run([await prompt(WORK.decodePrompt, salt)], WORK.decodeTokens)).decodeNs,
      );
    case "prompt": {
      const tokens = await prompt(WORK.promptTokens, salt);
      return perSecond(tokens.length, (await run([tokens], 1)).promptNs);
    }
    case "parallel": {
      const prompts = await Promise.all(
        Array.from({ length: WORK.parallel }, (_, i) => prompt(WORK.parallelPrompt, salt * 10 + i)),
      );
      const { decodeNs } = await run(prompts, WORK.parallelTokens);
      return perSecond((WORK.parallelTokens - 1) * WORK.parallel, decodeNs);
    }
    case "embed":
      return embed();
    case "load":
      await run([(await textModel()).model.vocabulary.tokenize(STORY, true, true)], 1);
      return 0;
  }
});
