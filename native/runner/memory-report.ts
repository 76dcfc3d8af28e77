/** Bytes that a loaded model occupies. */
export interface LoadedBytes {
  total: number;
  /** The part that is on GPUs. */
  vram: number;
}

const BUFFER = /:\s+(\S+)\s+[\w ]*buffer size =\s+([\d.]+) MiB/;
const MIB = 1024 * 1024;

/**
 * Adds up llama.cpp's log lines on buffers (`llama_kv_cache:  CPU KV buffer size =  90.00 MiB`); the library has no call for the sizes.
 * A device named CPU… or …Host is the computer's own memory, and so is AMX, which is a way of the CPU's to lay out weights; any other is
 * a GPU.
 */
export function memoryUse(report: string): LoadedBytes {
  const use = { total: 0, vram: 0 };
  for (const line of report.split("\n")) {
    const [, device = "", mebibytes = "0"] = BUFFER.exec(line) ?? [];
    const bytes = Math.round(Number(mebibytes) * MIB);
    use.total += bytes;
    if (device !== "" && !/^(CPU|AMX)|Host$/.test(device)) use.vram += bytes;
  }
  return use;
}
