import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the kernel tells of memory; tests give a folder of their own. */
export interface MemorySources {
  /** `/proc` */
  proc: string;
  /** `/sys/fs/cgroup` */
  cgroup: string;
  /** `/dev` */
  devices: string;
}

const LINUX: MemorySources = { proc: "/proc", cgroup: "/sys/fs/cgroup", devices: "/dev" };

/** Devices of GPUs: with one, a model's weights lie in memory that is not counted here. */
const GPU_DEVICES = ["nvidia0", "kfd", "dri/renderD128"];

/** Memory that is kept free for the runners' processes and for everything else: this share of the free memory, and these bytes. */
const RESERVE_SHARE = 0.03;
const RESERVE_BYTES = 64 * 1024 * 1024;

/**
 * Bytes that new runners may take.
 *
 * @returns `Infinity` where memory cannot be counted: no Linux, or a GPU. Loads that run out of memory are tried again all the same.
 */
export function availableMemory(sources: MemorySources = LINUX): number {
  const hasGpu = GPU_DEVICES.some((device) => existsSync(join(sources.devices, device)));
  const free = hasGpu ? undefined : hostMemory(sources);
  return free === undefined
    ? Number.POSITIVE_INFINITY
    : Math.max(0, free - RESERVE_BYTES - free * RESERVE_SHARE);
}

/**
 * Bytes of the host's memory that are free: what the kernel can give, or what is left of the limits of the control groups that this
 * process is in, whichever is less.
 *
 * @returns undefined where the kernel is not Linux.
 */
export function hostMemory(sources: MemorySources = LINUX): number | undefined {
  const meminfo = read(join(sources.proc, "meminfo"));
  if (meminfo === undefined) return undefined;
  const kibibytes = Number(/^MemAvailable:\s+(\d+) kB/m.exec(meminfo)?.[1] ?? Number.POSITIVE_INFINITY);
  return Math.max(0, Math.min(kibibytes * 1024, ...groupsOf(sources).map(leftIn)));
}

/** The folders of the process's memory group and of all groups around it; in a container its own one is the root. */
function groupsOf({ proc, cgroup }: MemorySources): string[] {
  const lines = (read(join(proc, "self/cgroup")) ?? "").split("\n");
  const folders: string[] = [];
  for (const line of lines) {
    const [, controllers = "", path = ""] = line.split(":");
    if (path === "" || (controllers !== "" && !controllers.split(",").includes("memory"))) continue;
    const root = controllers === "" ? cgroup : join(cgroup, "memory");
    const parts = path.split("/").filter((part) => part !== "");
    for (let depth = parts.length; depth >= 0; depth--) folders.push(join(root, ...parts.slice(0, depth)));
  }
  return folders;
}

/** Bytes left of one group's limit (version 2, or 1); what it has read from files can be given back and does not count as used. */
function leftIn(folder: string): number {
  const limit = number(join(folder, "memory.max")) ?? number(join(folder, "memory.limit_in_bytes"));
  const used = number(join(folder, "memory.current")) ?? number(join(folder, "memory.usage_in_bytes"));
  if (limit === undefined || used === undefined) return Number.POSITIVE_INFINITY;
  const cached = /^(?:total_)?inactive_file (\d+)/m.exec(read(join(folder, "memory.stat")) ?? "")?.[1];
  return limit - used + Number(cached ?? 0);
}

/** The number in a file; undefined for a file that is not there, or that says `max`. */
function number(path: string): number | undefined {
  const text = read(path)?.trim();
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
