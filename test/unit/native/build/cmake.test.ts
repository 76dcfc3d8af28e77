import { expect, test } from "bun:test";
import { compile, configure, percentOf } from "../../../../native/build/cmake.ts";

test("a build is for this processor, and only of the library", () => {
  const command = configure({ kind: "cpu", source: "/s", target: "/t" });
  expect(command.slice(0, 5)).toEqual(["cmake", "-S", "/s", "-B", "/t"]);
  expect(command).toContain("-DGGML_NATIVE=ON");
  expect(command).toContain("-DLLAMA_BUILD_TOOLS=OFF");
  expect(command.join(" ")).not.toContain("CUDA");
  expect(compile("/t", 3)).toEqual(["cmake", "--build", "/t", "--target", "llama", "--parallel", "3"]);
});

test("CUDA's is told where NVIDIA's compiler is", () => {
  const command = configure({ kind: "cuda", source: "/s", target: "/t", nvcc: "/usr/local/cuda/bin/nvcc" });
  expect(command).toContain("-DGGML_CUDA=ON");
  expect(command).toContain("-DCMAKE_CUDA_COMPILER=/usr/local/cuda/bin/nvcc");
});

test("how far it is, from make's lines and from ninja's", () => {
  expect(percentOf("[  9%] Building CXX object ggml/src/x.cpp.o")).toBe(9);
  expect(percentOf("[100%] Built target llama")).toBe(100);
  expect(percentOf("[12/96] Building C object ggml/src/x.c.o")).toBe(12);
  expect(percentOf("-- Configuring done")).toBeUndefined();
});
