/** Something that can compute. */
export interface EngineDevice {
  /** e.g. `CUDA0` */
  name: string;
  /** e.g. `NVIDIA H200` */
  description: string;
  kind: "cpu" | "gpu" | "accelerator";
  /** Bytes, when it was asked. */
  freeBytes: number;
  totalBytes: number;
}

/** What computes, and on what. */
export interface EngineFacts {
  /** e.g. `llama.cpp v0.5.0 (linux-x64 of node-llama-cpp 3.22.1)` */
  build: string;
  /** The build of its CPU code that was taken for this machine, e.g. `icelake`. */
  cpu: string;
  threads: number;
  devices: EngineDevice[];
}

/** What computes a loaded model. */
export interface LoadedEngine extends EngineFacts {
  /** Layers on GPUs of those that it has, e.g. `31/31`; absent where there is no GPU. */
  offloaded?: string;
  /** The layout of Ollama's that the file has; absent: llama.cpp's own. */
  layout?: string;
}
