import { AppError } from "../../src/lib/errors.ts";
import type { Binary } from "./binary.ts";
import { compileShim, cText, ptr, type Shim, textAt } from "./shim.ts";

/** `enum ggml_backend_dev_type`: a card of its own, and one that is part of the processor. */
const GPU_TYPES: readonly number[] = [1, 2];

/**
 * The engine with its backends loaded.
 * @throws AppError `engine` when it is of another build than our declarations, or does not find the kind of device that was asked for.
 */
export function openEngine(binary: Binary): Shim {
  const shim = compileShim(binary.directory);
  for (const directory of binary.backendDirectories) {
    if (shim.shim_open(ptr(cText(directory))) !== 0)
      throw new AppError("engine", "llama.cpp found no device to compute on");
  }
  const mismatch = textAt(shim.shim_abi_mismatch());
  if (mismatch !== "") {
    throw new AppError(
      "engine",
      `the llama.cpp that is installed is another build than llamero was made for (${mismatch}): run bun install again`,
    );
  }
  requireGpu(shim, binary);
  return shim;
}

/** A user who asks for a GPU by name gets an error instead of silent work on the CPU. */
function requireGpu(shim: Shim, { wanted }: Binary): void {
  if (wanted === "auto" || wanted === "cpu") return;
  const devices = Array.from({ length: shim.shim_device_count() }, (_, index) =>
    shim.shim_device_type(index),
  );
  if (devices.some((type) => GPU_TYPES.includes(type))) return;
  throw new AppError(
    "engine",
    `OLLAMA_LLM_LIBRARY=${wanted}, but llama.cpp finds no device that it can use with it: check the driver, or set OLLAMA_LLM_LIBRARY to auto or cpu`,
  );
}
