import { AppError } from "../lib/errors.ts";
import { formatBytes } from "../lib/humanize.ts";
import type { LogFields, Logger } from "../lib/logger.ts";
import type { EngineDevice, EngineFacts, LoadedInfo } from "./port.ts";
import { type ProbeOptions, probeEngine } from "./probe.ts";

/** Load options of a request that the engine may not have been able to follow. */
interface Asked {
  useMmap?: boolean;
}

/** The build of llama.cpp and the devices that compute, for a log line. */
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
 * Logs at the server's start which devices compute, or an error where none can. The server answers requests meanwhile. Dispose it to end
 * the work.
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

/** How a load went, for a log line: where the model's memory is, and which devices compute it. */
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
