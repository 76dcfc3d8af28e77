import type { Finding } from "../lib/finding.ts";
import { formatBytes } from "../lib/humanize.ts";

const GIB = 2 ** 30;
/** With less memory than this no useful model fits. */
const LEAST_MEMORY = GIB;
/** With less free space than this one more model fills the disk. */
const LEAST_DISK = 5 * GIB;

export interface Versions {
  llamero: string;
  bun: string;
  /** The Bun that llamero is tested with. */
  wantedBun: string;
}

export function judgeVersions({ llamero, bun, wantedBun }: Versions): Finding {
  const says = `llamero ${llamero}, Bun ${bun}`;
  if (bun === wantedBun) return { check: "versions", verdict: "ok", says };
  return {
    check: "versions",
    verdict: "warning",
    says: `${says}, and llamero is tested with Bun ${wantedBun}`,
    advice: `install that one: npm install --global bun@${wantedBun}`,
  };
}

export interface Memory {
  /** Bytes. */
  available: number;
  total: number;
}

export function judgeMemory({ available, total }: Memory): Finding {
  const says = `${formatBytes(available)} of ${formatBytes(total)} available`;
  if (available >= LEAST_MEMORY) return { check: "memory", verdict: "ok", says };
  return {
    check: "memory",
    verdict: "warning",
    says,
    advice: "end what else needs memory, raise the container's limit, or run a small model",
  };
}

/** Facts about the models' directory. */
export interface Directory {
  path: string;
  exists: boolean;
  /** Why the directory, or the one that it would be made in, cannot be used. Undefined: it can. */
  problem?: string;
  /** Bytes free; undefined when it cannot be told. */
  free?: number;
}

export function judgeStore({ path, exists, problem, free }: Directory): Finding {
  if (problem !== undefined) {
    return {
      check: "store",
      verdict: "bad",
      says: `${path} cannot be written to: ${problem}`,
      advice: "give yourself the right to it, or set OLLAMA_MODELS to another directory",
    };
  }
  const room = free === undefined ? "" : `, ${formatBytes(free)} free`;
  const says = `${path}${exists ? "" : " (made at the first start)"}${room}`;
  if (free === undefined || free >= LEAST_DISK) return { check: "store", verdict: "ok", says };
  return {
    check: "store",
    verdict: "warning",
    says,
    advice:
      "remove models (llamero rm), or what is left over (llamero prune), or set OLLAMA_MODELS to a larger disk",
  };
}
