import { expect, test } from "bun:test";
import { memoryUse } from "../../../../native/runner/memory-report.ts";

const MIB = 1024 * 1024;

test("a model on the CPU", () => {
  const report = [
    "load_tensors:          CPU model buffer size =    92.10 MiB",
    "llama_context:        CPU  output buffer size =     0.50 MiB",
    "llama_kv_cache:        CPU KV buffer size =    90.00 MiB",
    "sched_reserve:        CPU compute buffer size =    98.00 MiB",
  ].join("\n");
  expect(memoryUse(report)).toEqual({ total: Math.round(92.1 * MIB) + 188.5 * MIB, vram: 0 });
});

test("a model on a GPU, with the host's share told apart", () => {
  const report = [
    "load_tensors:        CUDA0 model buffer size =    64.00 MiB",
    "load_tensors:   CPU_Mapped model buffer size =    16.00 MiB",
    "sched_reserve:  CUDA_Host compute buffer size =     4.00 MiB",
  ].join("\n");
  expect(memoryUse(report)).toEqual({ total: 84 * MIB, vram: 64 * MIB });
});

test("weights laid out for a CPU's matrix unit are not on a GPU", () => {
  const report = "load_tensors:          AMX model buffer size =    95.34 MiB";
  expect(memoryUse(report)).toEqual({ total: Math.round(95.34 * MIB), vram: 0 });
});

test("an empty report", () => {
  expect(memoryUse("")).toEqual({ total: 0, vram: 0 });
});
