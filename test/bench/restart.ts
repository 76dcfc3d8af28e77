import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { smollm2 } from "../support/models.ts";
import { TestRunner } from "../support/real-runner.ts";

/** What the project has set itself: how much sooner the first token of a long conversation comes after a restart. */
const WANTED = 10;
const CONTEXT = 8192;
const LINES = 500;

/** The first token of a conversation of some 8,000 tokens: evaluated, and found on disk by a runner that has just been started. */
export async function benchRestart(): Promise<void> {
  const modelPath = await smollm2();
  const root = mkdtempSync(join(tmpdir(), "llamero-bench-"));
  const cache = { memoryBytes: 0, disk: { root, bytes: 2 ** 32, weights: "bench", key: "" } };
  const story = Array.from(
    { length: LINES },
    (_, i) => `On day ${i} the llama walked ${(i * 37) % 101} miles.`,
  );
  try {
    const [evaluated, tokens] = await firstToken(modelPath, cache, story.join(" "));
    const [restored] = await firstToken(modelPath, cache, story.join(" "));
    const ratio = (evaluated / restored).toFixed(1);
    console.log(
      `\nfirst token of ${tokens} tokens: evaluated ${evaluated.toFixed(2)} s, after a restart ${restored.toFixed(2)} s, ${ratio} times as fast (wanted: ${WANTED})`,
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Seconds from asking to the first text, and the tokens of the prompt. The runner writes what it has when it ends. */
async function firstToken(
  modelPath: string,
  cache: NonNullable<ConstructorParameters<typeof TestRunner>[0]["cache"]>,
  text: string,
): Promise<[seconds: number, tokens: number]> {
  const runner = new TestRunner({ modelPath, cache, contextLength: CONTEXT });
  const prompt = (await runner.tokenize(text)).slice(0, CONTEXT - 64);
  const start = Bun.nanoseconds();
  const { started, answer } = runner.start(prompt, { numPredict: 8 });
  await started;
  const seconds = (Bun.nanoseconds() - start) / 1e9;
  await answer;
  await runner.retire();
  return [seconds, prompt.length];
}
