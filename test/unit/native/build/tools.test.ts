import { expect, test } from "bun:test";
import { requireTools } from "../../../../native/build/tools.ts";

/** A machine with these programs. */
const having =
  (...names: string[]) =>
  (name: string) =>
    names.includes(name) ? `/usr/bin/${name}` : null;

test("all that is missing is named, with the command that installs it", () => {
  expect(() => requireTools("cpu", having("git", "make", "apt-get"))).toThrow(
    "building the engine takes cmake, a C++ compiler, not found here; install it with: apt-get install cmake g++",
  );
  expect(() => requireTools("cpu", having("git", "cmake", "ninja", "brew"))).toThrow(
    "building the engine takes a C++ compiler, not found here; install it with: brew install llvm",
  );
  expect(() => requireTools("cpu", having("cmake", "c++", "make"))).toThrow(
    "building the engine takes git, not found here",
  );
});

test("any compiler and either builder will do", () => {
  requireTools("cpu", having("git", "cmake", "clang++", "ninja"));
  requireTools("metal", having("git", "cmake", "c++", "make"));
});

test("a GPU's build takes its compiler as well, on the PATH or where NVIDIA puts it", () => {
  const base = ["git", "cmake", "g++", "make", "dnf"];
  expect(() => requireTools("cuda", having(...base))).toThrow(
    "building the engine takes nvcc of the CUDA toolkit, not found here; install it with: dnf install cuda-toolkit",
  );
  expect(() => requireTools("vulkan", having(...base))).toThrow("glslc of the Vulkan SDK");
  requireTools("cuda", having(...base, "/usr/local/cuda/bin/nvcc"));
});
