/** A device that can compute: the CPU or a GPU. */
export interface EngineDevice {
  /** e.g. `CUDA0` */
  name: string;
  /** e.g. `NVIDIA H200` */
  description: string;
  kind: "cpu" | "gpu" | "accelerator";
  /** Bytes of its memory, when it was asked for them. */
  freeBytes: number;
  totalBytes: number;
}

/** The build of llama.cpp, and the devices that it computes on. */
export interface EngineFacts {
  /** e.g. `llama.cpp v0.5.0 (linux-x64 of node-llama-cpp 3.22.1)` */
  build: string;
  /** The build of its CPU code that was taken for this machine, e.g. `icelake`. */
  cpu: string;
  threads: number;
  devices: EngineDevice[];
}

/** How a loaded model is computed. */
export interface LoadedEngine extends EngineFacts {
  /** Layers on GPUs out of all of the model's, e.g. `31/31`; absent where there is no GPU. */
  offloaded?: string;
  /** Which of Ollama's layouts the file has; absent: llama.cpp's own. */
  layout?: string;
}
