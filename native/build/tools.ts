import { existsSync } from "node:fs";
import { AppError } from "../../src/lib/errors.ts";
import type { EngineKind } from "./built.ts";

/** A program that a build needs, and the packages that contain it. */
interface Tool {
  /** Any of these will do. */
  names: readonly string[];
  what: string;
  packages: { debian: string; fedora: string; mac: string };
}

const BASE: readonly Tool[] = [
  { names: ["git"], what: "git", packages: { debian: "git", fedora: "git", mac: "git" } },
  { names: ["cmake"], what: "cmake", packages: { debian: "cmake", fedora: "cmake", mac: "cmake" } },
  {
    names: ["c++", "g++", "clang++"],
    what: "a C++ compiler",
    packages: { debian: "g++", fedora: "gcc-c++", mac: "llvm" },
  },
  {
    names: ["make", "ninja"],
    what: "make or ninja",
    packages: { debian: "make", fedora: "make", mac: "ninja" },
  },
];

/** Where NVIDIA's installer puts its compiler, which it leaves off the PATH. */
const CUDA_HOME = "/usr/local/cuda/bin/nvcc";

const FOR_GPU: Partial<Record<EngineKind, Tool>> = {
  cuda: {
    names: ["nvcc", CUDA_HOME],
    what: "nvcc of the CUDA toolkit",
    packages: { debian: "nvidia-cuda-toolkit", fedora: "cuda-toolkit", mac: "" },
  },
  vulkan: {
    names: ["glslc"],
    what: "glslc of the Vulkan SDK",
    packages: { debian: "glslc libvulkan-dev", fedora: "glslc vulkan-loader-devel", mac: "shaderc" },
  },
};

/** Finds a program on the PATH, or at a path. */
type Which = (name: string) => string | null;

const onThisMachine: Which = (name) =>
  name.startsWith("/") ? (existsSync(name) ? name : null) : Bun.which(name);

/** NVIDIA's compiler. */
export const findNvcc = (which: Which = onThisMachine): string | null => which("nvcc") ?? which(CUDA_HOME);

/** @throws AppError `unsupported` naming every missing program, and how it is installed. */
export function requireTools(kind: EngineKind, which: Which = onThisMachine): void {
  const needed = [...BASE, ...(FOR_GPU[kind] === undefined ? [] : [FOR_GPU[kind]])];
  const missing = needed.filter(({ names }) => names.every((name) => which(name) === null));
  if (missing.length === 0) return;
  const names = missing.map(({ what }) => what).join(", ");
  throw new AppError(
    "unsupported",
    `building the engine takes ${names}, not found here${advice(missing, which)}`,
  );
}

function advice(missing: readonly Tool[], which: Which): string {
  const packages = (system: keyof Tool["packages"]): string =>
    missing.map((tool) => tool.packages[system]).join(" ");
  if (which("apt-get") !== null) return `; install it with: apt-get install ${packages("debian")}`;
  if (which("dnf") !== null) return `; install it with: dnf install ${packages("fedora")}`;
  if (which("brew") !== null) return `; install it with: brew install ${packages("mac")}`;
  return "";
}
