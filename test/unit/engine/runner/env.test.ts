import { expect, test } from "bun:test";
import { runnerEnv } from "../../../../src/engine/runner/env.ts";

test("passes on what finds programs and devices, and nothing secret", () => {
  const env = runnerEnv({
    PATH: "/bin",
    HOME: "/root",
    CUDA_VISIBLE_DEVICES: "1",
    GGML_CUDA_FORCE_MMQ: "1",
    LLAMA_ARG_FIT: "off",
    OLLAMA_HOST: "0.0.0.0",
    HF_TOKEN: "secret",
    AWS_SECRET_ACCESS_KEY: "secret",
    UNSET: undefined,
  });
  expect(env).toEqual({
    PATH: "/bin",
    HOME: "/root",
    CUDA_VISIBLE_DEVICES: "1",
    GGML_CUDA_FORCE_MMQ: "1",
    LLAMA_ARG_FIT: "off",
    GLIBC_TUNABLES: "glibc.malloc.hugetlb=1",
    DO_NOT_TRACK: "1",
    BUN_ENABLE_CRASH_REPORTING: "0",
    GGML_NO_BACKTRACE: "1",
  });
});

test("the user's own tuning of glibc stays", () => {
  expect(runnerEnv({ GLIBC_TUNABLES: "glibc.malloc.hugetlb=0" }).GLIBC_TUNABLES).toBe(
    "glibc.malloc.hugetlb=0",
  );
});
