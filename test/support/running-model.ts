import type { RunningModel } from "../../src/client/index.ts";

/** A model in memory, as `/api/ps` tells of it, until 12:04:59 on 24 November 2026. */
export const runningModel = (name: string, more: Partial<RunningModel> = {}): RunningModel => ({
  name,
  model: name,
  size: 200_000_000,
  digest: "2c39a5bd5aae0123456789",
  details: {
    parent_model: "",
    format: "gguf",
    family: "llama",
    families: ["llama"],
    parameter_size: "1B",
    quantization_level: "Q4_0",
  },
  expires_at: "2026-11-24T12:04:59Z",
  size_vram: 0,
  context_length: 4096,
  ...more,
});
