import type { LoadedInfo, LoadSpec } from "./port.ts";
import type { RunnerLoad } from "./protocol.ts";

/** Bytes of the computer's memory. */
export interface MemoryUse {
  bytes: number;
  /** Of those, mapped from a file: the kernel counts them as available although the runner needs them. */
  mappedBytes: number;
}

export function estimateMemory(spec: LoadSpec, load: Omit<RunnerLoad, "type">): MemoryUse {
  return { bytes: spec.weightsBytes, mappedBytes: load.useMmap === true ? spec.weightsBytes : 0 };
}

/** What a runner that has loaded occupies. */
export function measuredMemory(
  info: LoadedInfo,
  { memory, useMmap }: { memory: MemoryUse; useMmap?: boolean },
): MemoryUse {
  return { bytes: Math.max(info.sizeBytes, 0), mappedBytes: useMmap === true ? memory.mappedBytes : 0 };
}
