import type { EngineFacts } from "../engine/port.ts";
import type { Finding } from "../lib/finding.ts";
import { formatBytes } from "../lib/humanize.ts";

/** The facts that the probe found, or its error. */
export type Probed = { facts: EngineFacts } | { error: string };

/** Drivers that this machine has, whether the engine uses them or not. */
export interface Drivers {
  nvidia: boolean;
  amd: boolean;
  /** `linux-x64`: where packages of the engine for GPUs are to be had. Elsewhere it is built. */
  platform: string;
}

/** CPU builds without AVX2, which compute at a fraction of the speed that any machine of the last ten years could. */
const SLOW_CPUS: readonly string[] = ["x64", "sse42", "sandybridge", "ivybridge", "piledriver"];

/** Findings on the binary, its ABI, the CPU and the GPUs. @param wanted OLLAMA_LLM_LIBRARY. */
export function judgeEngine(probed: Probed, drivers: Drivers, wanted: string): Finding[] {
  if ("error" in probed) return [brokenEngine(probed.error)];
  const { facts } = probed;
  return [
    { check: "engine", verdict: "ok", says: facts.build },
    { check: "abi", verdict: "ok", says: "the library's defaults are where llamero reads them" },
    judgeCpu(facts),
    judgeGpu(facts, drivers, wanted),
  ];
}

function brokenEngine(error: string): Finding {
  const abi = error.includes("another build");
  return {
    check: abi ? "abi" : "engine",
    verdict: "bad",
    says: error,
    advice: adviceFor(error),
  };
}

function adviceFor(error: string): string {
  if (error.includes("OLLAMA_LLM_LIBRARY")) {
    return "see that the GPU's driver works (nvidia-smi, vulkaninfo), or unset OLLAMA_LLM_LIBRARY";
  }
  const build = /llamero engine build(?: \w+)?/.exec(error)?.[0];
  if (build !== undefined) return build;
  const command = /bun (?:run gpu \w+|install)/.exec(error)?.[0];
  return `in llamero's folder: ${command ?? "bun install; or build it for this machine: llamero engine build"}`;
}

function judgeCpu({ cpu, threads, devices }: EngineFacts): Finding {
  const model = devices.find(({ kind }) => kind === "cpu")?.description ?? "CPU";
  const says = `${model}, build ${cpu}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  if (!SLOW_CPUS.includes(cpu)) return { check: "cpu", verdict: "ok", says };
  return {
    check: "cpu",
    verdict: "warning",
    says: `${says}: no AVX2`,
    advice: "if this is a virtual machine, have it pass the host's CPU through (cpu: host)",
  };
}

function judgeGpu({ devices }: EngineFacts, drivers: Drivers, wanted: string): Finding {
  const gpus = devices.filter(({ kind }) => kind === "gpu");
  if (gpus.length > 0) {
    const says = gpus.map(
      ({ name, description, freeBytes, totalBytes }) =>
        `${name} ${description}, ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free`,
    );
    return { check: "gpu", verdict: "ok", says: says.join("; ") };
  }
  const unused = drivers.nvidia ? "cuda" : drivers.amd ? "vulkan" : undefined;
  if (unused === undefined || wanted === "cpu")
    return { check: "gpu", verdict: "ok", says: "none; models run on the CPU" };
  return {
    check: "gpu",
    verdict: "warning",
    says: `there is ${drivers.nvidia ? "an NVIDIA" : "an AMD"} driver, and the engine uses no GPU`,
    advice:
      drivers.platform === "linux-x64"
        ? `get the engine's build for it: bun run gpu ${unused}`
        : `build the engine for it: llamero engine build ${unused}`,
  };
}
