/**
 * `bun run check:gpu [cuda|vulkan|metal]`: computes on the GPU, compares with the CPU, and says what came of it. Where there is no GPU that
 * could be used it says so and ends well. `cpu` compares the CPU with itself, which tries this program.
 */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeGpus } from "../src/engine/engine-report.ts";
import type { EngineFacts } from "../src/engine/port.ts";
import { probeEngine } from "../src/engine/probe.ts";
import { runnerEnv } from "../src/engine/runner/env.ts";
import { writePublishedMistral } from "../test/support/published/real.ts";
import { createModel, OFFLINE, startServer } from "../test/support/server.ts";
import { fetchModel } from "./fetch-model.ts";
import { SMOLLM2_Q4_1 } from "./models.ts";
import { Failure, runScript } from "./support/failure.ts";
import { type Answer, judgeAnswers } from "./support/judge-answers.ts";

const PROBE = join(import.meta.dir, "../native/probe/main.ts");
const TOKENS = 64;
const PROMPT = "Once upon a time, in a small village at the edge of a forest, there lived";
const KINDS = ["cuda", "vulkan", "metal", "cpu"];

async function main(): Promise<void> {
  const [library = "cuda"] = process.argv.slice(2);
  if (!KINDS.includes(library)) throw new Failure(`"${library}" is none of ${KINDS.join(", ")}`);
  const facts = await engineFor(library);
  if (facts === undefined) return;
  console.log(`${facts.build}; ${describeGpus(facts.devices)}`);
  const directory = await mkdtemp(join(tmpdir(), "llamero-gpu-"));
  try {
    const { path } = await fetchModel(SMOLLM2_Q4_1);
    const published = join(directory, "published.gguf");
    await writePublishedMistral(path, published);
    const models = { "llama.cpp's layout": path, "Ollama's layout": published };
    const onCpu = await answersOf("cpu", models);
    const onGpu = await answersOf(library, models);
    for (const name of Object.keys(models)) {
      const verdict = judgeAnswers(onCpu[name], onGpu[name], library !== "cpu");
      console.log(`${name}: ${verdict.says}`);
      if (verdict.problem !== undefined) throw new Failure(`${name}: ${verdict.problem}`);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The engine, or undefined when there is nothing to check, which is said. */
async function engineFor(library: string): Promise<EngineFacts | undefined> {
  const signal = new AbortController().signal;
  const options = { program: PROBE, threads: 0, cache: "", env: runnerEnv(process.env), signal };
  try {
    return await probeEngine({ ...options, library });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    // A card with its driver and its build that cannot be used is what this program is there to find.
    if (existsSync("/dev/nvidiactl") && !why.includes("not installed")) throw new Failure(why);
    console.log(`no GPU: ${why}`);
    return undefined;
  }
}

/** What each model says greedily, all of its layers on the GPU where there is one. */
async function answersOf(library: string, models: Record<string, string>): Promise<Record<string, Answer>> {
  await using server = await startServer({ ...OFFLINE, OLLAMA_LLM_LIBRARY: library });
  const answers: Record<string, Answer> = {};
  for (const [index, [name, path]] of Object.entries(models).entries()) {
    const model = `m${index}`;
    await createModel(server, model, path);
    const reply = await fetch(`${server.url}/api/generate`, {
      method: "POST",
      body: JSON.stringify({
        model,
        prompt: PROMPT,
        stream: false,
        options: { temperature: 0, num_predict: TOKENS, num_gpu: library === "cpu" ? 0 : 999 },
      }),
    });
    const { context = [], eval_count, eval_duration, error } = (await reply.json()) as GenerateReply;
    if (error !== undefined) throw new Failure(`${library}: ${error}`);
    const running = (await (await fetch(`${server.url}/api/ps`)).json()) as RunningModels;
    answers[name] = {
      tokens: context.slice(-eval_count),
      tokensPerSecond: eval_count / (eval_duration / 1e9),
      bytes: running.models[0]?.size ?? 0,
      gpuBytes: running.models[0]?.size_vram ?? 0,
    };
  }
  return answers;
}

interface GenerateReply {
  context?: number[];
  eval_count: number;
  /** Nanoseconds. */
  eval_duration: number;
  error?: string;
}

interface RunningModels {
  models: { size: number; size_vram: number }[];
}

await runScript(main);
