import { AppError } from "../../lib/errors.ts";
import { withoutPaths } from "../../lib/without-paths.ts";
import type { RunnerExit } from "./process.ts";

/** Ollama's texts (docs/behaviour: scheduler §1.6), with llamero's name. `line` is the runner's last error line, "" when there is none. */

const INCOMPATIBLE =
  /failed to load model|error loading model|unknown (model )?architecture|unsupported|not supported|invalid magic|tensor '.*' not found|key not found/i;

const OUT_OF_MEMORY =
  /out of (device |host )?memory|(failed|unable|cannot|could not) (to )?allocate|insufficient memory|bad_alloc/i;

/** The runner said that it cannot load the model. `tag` is what the user would pull. */
export function loadFailed(message: string, tag: string): AppError {
  const text = withoutPaths(message);
  if (isOutOfMemory(message) || !INCOMPATIBLE.test(message)) return new AppError("engine", text);
  return new AppError(
    "engine",
    `${text}: this model may be incompatible with your version of llamero. If you previously pulled this model, try updating it by running \`llamero pull ${tag}\``,
  );
}

/** The load made no progress for too long. */
export function loadStalled(line: string): AppError {
  return new AppError("engine", joined("timed out waiting for the model runner to start", " - ", line));
}

/** The process ended while it loaded. */
export function endedLoading(exit: RunnerExit, line: string): AppError {
  return new AppError("engine", joined(`model runner process has terminated: ${exitText(exit)}`, ": ", line));
}

/** The process could not even be started. */
export function spawnFailed(cause: unknown): AppError {
  return new AppError("engine", "the model runner could not be started", { cause });
}

/** The process ended while it worked. */
export function crashed(exit: RunnerExit, line: string): AppError {
  const text =
    "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check llamero server logs for details";
  return new AppError("engine", joined(`${text}: ${exitText(exit)}`, ": ", line));
}

/** The quantizing process could not even be started. */
export function quantizeSpawnFailed(cause: unknown): AppError {
  return new AppError("engine", "the quantizing process could not be started", { cause });
}

/** The quantizing process ended without a result. */
export function quantizeEnded(exit: RunnerExit, line: string): AppError {
  // llama.cpp says no more than this of a write that fails, whatever the reason.
  if (line.includes("iostream error")) {
    return new AppError("no_space", "the quantized model could not be written: is the disk full?");
  }
  // An exit of its own is llama.cpp's refusal, which the line explains.
  const why = exit.signal === null && line !== "" ? "" : `: ${exitText(exit)}`;
  return new AppError("engine", joined(`quantization failed${why}`, ": ", line));
}

/** We killed the runner, because it did not let go of a request that was cancelled. */
export function unresponsive(): AppError {
  return new AppError("engine", "the model runner did not respond and was stopped");
}

/** Does a runner's message or output say that memory was short? */
export function isOutOfMemory(text: string): boolean {
  return OUT_OF_MEMORY.test(text);
}

function exitText({ code, signal }: RunnerExit): string {
  return signal === null ? `exit status ${code}` : `signal ${signal}`;
}

function joined(text: string, separator: string, line: string): string {
  return line === "" ? text : `${text}${separator}${withoutPaths(line)}`;
}
