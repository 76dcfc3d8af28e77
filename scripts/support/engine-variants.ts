/** A build of llama.cpp as node-llama-cpp publishes it. */
export interface Variant {
  /** Its package is `@node-llama-cpp/<name>`. */
  name: string;
  /** Unpacked, about. */
  bytes: number;
}

const CPU: Record<string, Variant> = {
  "linux-x64": { name: "linux-x64", bytes: 32e6 },
  "linux-arm64": { name: "linux-arm64", bytes: 25e6 },
  "darwin-arm64": { name: "mac-arm64-metal", bytes: 15e6 },
  "darwin-x64": { name: "mac-x64", bytes: 15e6 },
};

const GPU: Record<string, Record<string, readonly Variant[]>> = {
  "linux-x64": {
    cuda: [
      { name: "linux-x64-cuda", bytes: 190e6 },
      { name: "linux-x64-cuda-ext", bytes: 376e6 },
    ],
    vulkan: [{ name: "linux-x64-vulkan", bytes: 75e6 }],
  },
};

export const SUPPORTED_PLATFORMS: readonly string[] = Object.keys(CPU);

/** The build that every machine of a platform (`linux-x64`) uses; undefined where there is none. */
export function baseVariant(platform: string): Variant | undefined {
  return CPU[platform];
}

/** The builds that a kind of GPU needs besides; undefined where there are none. */
export function gpuVariants(platform: string, kind: string): readonly Variant[] | undefined {
  return GPU[platform]?.[kind];
}
