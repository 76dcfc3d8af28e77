import { AppError } from "../lib/errors.ts";
import { formatBytes } from "../lib/humanize.ts";
import type { LogFields, Logger } from "../lib/logger.ts";
import type { EngineDevice, EngineFacts, LoadedInfo } from "./port.ts";
import { type ProbeOptions, probeEngine } from "./probe.ts";

/** The parts of a load request that may not have been possible. */
interface Asked {
  useMmap?: boolean;
}

/** What computes, for a log line. */
export function engineFields({ build, cpu, threads, devices }: EngineFacts): LogFields {
  return { engine: build, cpu, threads, gpus: describeGpus(devices) };
}

/** `none`, or each GPU with its memory. */
export function describeGpus(devices: readonly EngineDevice[]): string {
  const gpus = devices.filter(({ kind }) => kind === "gpu");
  return gpus.length === 0 ? "none" : gpus.map(describeDevice).join(", ");
}

const describeDevice = ({ name, description, freeBytes, totalBytes }: EngineDevice): string =>
  `${name} ${description} (${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free)`;

/**
 * Logs at the server's start what computes, while the server answers already; an error where nothing can. Dispose it to end the work.
 */
export function reportEngine(options: Omit<ProbeOptions, "signal">, logger: Logger): AsyncDisposable {
  const ending = new AbortController();
  const done = probeEngine({ ...options, signal: ending.signal }).then(
    (facts) => logger.info("engine", { ...engineFields(facts), library: options.library }),
    (error) => {
      if (!ending.signal.aborted) logger.error("engine", { error: AppError.from(error).message });
    },
  );
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      await done;
    },
  };
}

/** What a load came to, for a log line: where the model is, and what computes it. */
export function loadedFields({ sizeBytes, sizeVramBytes, engine }: LoadedInfo, asked: Asked): LogFields {
  const where = { bytes: sizeBytes, gpu_bytes: sizeVramBytes };
  if (engine === undefined) return where;
  const { layout, offloaded } = engine;
  return {
    ...where,
    ...engineFields(engine),
    gpu_layers: offloaded,
    layout,
    // Only a file that llama.cpp reads itself can be mapped.
    mmap: layout !== undefined && asked.useMmap === true ? "not possible for this layout" : undefined,
  };
}
