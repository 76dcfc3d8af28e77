import type { Quantize, QuantizeJob } from "../intent/quantize-job.ts";
import { quantizeEnded, quantizeSpawnFailed } from "./runner/failure.ts";
import { readLines } from "./runner/lines.ts";
import { RecentLines } from "./runner/recent-lines.ts";

export interface QuantizerOptions {
  /** The program, `native/quantize/main.ts`. */
  program: string;
  /** Which build of llama.cpp to load, as for a runner. */
  library: string;
  /** llamero's folder for what it has built. */
  cache: string;
  /** Its whole environment. */
  env: Record<string, string>;
}

/** llama.cpp's line on a tensor: `[   3/ 290] blk.0.attn_k.weight - [ 576, 192, 1, 1], type = f16,` */
const TENSOR = /^\[\s*\d+\/\s*\d+\]\s+(\S+)/;

/** Quantizes in a process of its own for each job: a file that llama.cpp cannot read may crash that process, and nothing else. */
export function createQuantizer(options: QuantizerOptions): Quantize {
  return async ({ signal, onTensor, ...files }) => {
    signal.throwIfAborted();
    const child = start(options, files);
    const kill = () => child.kill("SIGKILL");
    signal.addEventListener("abort", kill, { once: true });
    const recent = new RecentLines();
    try {
      const stdout = readLines(child.stdout, (line) => {
        const name = TENSOR.exec(line)?.[1];
        if (name !== undefined) onTensor(name);
      });
      await Promise.all([child.exited, stdout, readLines(child.stderr, (line) => recent.add(line))]);
    } finally {
      signal.removeEventListener("abort", kill);
      kill();
    }
    signal.throwIfAborted();
    const exit = {
      code: child.exitCode,
      signal: child.signalCode === null ? null : String(child.signalCode),
    };
    if (exit.code !== 0) throw quantizeEnded(exit, recent.lastError());
  };
}

function start(
  { program, library, cache, env }: QuantizerOptions,
  files: Pick<QuantizeJob, "from" | "to" | "fileType">,
) {
  const args = [library, cache, files.from, files.to, String(files.fileType)];
  try {
    // `--no-orphans` and `detached` as for a runner: it dies with the server, and a Ctrl-C in the terminal is for the server.
    return Bun.spawn([process.execPath, "--no-orphans", program, ...args], {
      env,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      detached: true,
    });
  } catch (cause) {
    throw quantizeSpawnFailed(cause);
  }
}
