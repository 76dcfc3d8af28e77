import { describe, expect, test } from "bun:test";
import { judgeEngine } from "../../../src/doctor/judge-engine.ts";
import { judgeMemory, judgeStore, judgeVersions } from "../../../src/doctor/judge-machine.ts";
import { judgePort } from "../../../src/doctor/judge-port.ts";
import type { EngineFacts } from "../../../src/engine/port.ts";
import type { Finding } from "../../../src/lib/finding.ts";

const GIB = 2 ** 30;
const CPU = { name: "CPU", description: "a CPU", kind: "cpu", freeBytes: GIB, totalBytes: GIB } as const;
const GPU = { name: "CUDA0", description: "a card", kind: "gpu", freeBytes: 6e9, totalBytes: 1e10 } as const;
const facts = (more: Partial<EngineFacts> = {}): EngineFacts => ({
  build: "llama.cpp v9",
  cpu: "icelake",
  threads: 2,
  devices: [CPU],
  ...more,
});
const NO_DRIVERS = { nvidia: false, amd: false, platform: "linux-x64" };
const verdicts = (findings: Finding[]) => findings.map(({ check, verdict }) => `${check} ${verdict}`);

describe("the engine", () => {
  test("that is well", () => {
    expect(verdicts(judgeEngine({ facts: facts() }, NO_DRIVERS, "auto"))).toEqual([
      "engine ok",
      "abi ok",
      "cpu ok",
      "gpu ok",
    ]);
    const [, , , gpu] = judgeEngine({ facts: facts({ devices: [CPU, GPU] }) }, NO_DRIVERS, "cuda");
    expect(gpu).toEqual({ check: "gpu", verdict: "ok", says: "CUDA0 a card, 6 GB of 10 GB free" });
  });

  test.each([
    [
      'the llama.cpp build "cuda" is not installed; get it with: bun run gpu cuda',
      "engine",
      "in llamero's folder: bun run gpu cuda",
    ],
    [
      "the llama.cpp that is installed is another build than llamero was made for (x): run bun install again",
      "abi",
      "in llamero's folder: bun install",
    ],
    [
      "OLLAMA_LLM_LIBRARY=cuda, but llama.cpp finds no device",
      "engine",
      "see that the GPU's driver works (nvidia-smi, vulkaninfo), or unset OLLAMA_LLM_LIBRARY",
    ],
    [
      "the engine could not be started: signal SIGILL",
      "engine",
      "in llamero's folder: bun install; or build it for this machine: llamero engine build",
    ],
    [
      'the llama.cpp build "cuda" is not installed; get it with: llamero engine build cuda',
      "engine",
      "llamero engine build cuda",
    ],
  ])("that says %p", (error, check, advice) => {
    expect(judgeEngine({ error }, NO_DRIVERS, "cuda")).toEqual([
      { check, verdict: "bad", says: error, advice },
    ]);
  });

  test("a driver that is not used, unless the CPU was asked for", () => {
    const gpuOf = (drivers: typeof NO_DRIVERS, wanted: string) =>
      judgeEngine({ facts: facts() }, drivers, wanted).at(-1);
    expect(gpuOf({ nvidia: true, amd: false, platform: "linux-x64" }, "auto")).toMatchObject({
      verdict: "warning",
      advice: "get the engine's build for it: bun run gpu cuda",
    });
    expect(gpuOf({ nvidia: false, amd: true, platform: "linux-x64" }, "auto")?.advice).toEndWith(
      "bun run gpu vulkan",
    );
    expect(gpuOf({ nvidia: true, amd: false, platform: "linux-arm64" }, "auto")?.advice).toBe(
      "build the engine for it: llamero engine build cuda",
    );
    expect(gpuOf({ nvidia: true, amd: false, platform: "linux-x64" }, "cpu")?.verdict).toBe("ok");
  });

  test("a CPU without AVX2", () => {
    const [, , cpu] = judgeEngine({ facts: facts({ cpu: "sse42", threads: 1 }) }, NO_DRIVERS, "auto");
    expect(cpu).toMatchObject({ verdict: "warning", says: "a CPU, build sse42, 1 thread: no AVX2" });
  });
});

test("versions", () => {
  const versions = { llamero: "1.0.0", bun: "1.4.5", wantedBun: "1.4.5" };
  expect(judgeVersions(versions)).toEqual({
    check: "versions",
    verdict: "ok",
    says: "llamero 1.0.0, Bun 1.4.5",
  });
  expect(judgeVersions({ ...versions, bun: "1.5.0" })).toMatchObject({
    verdict: "warning",
    advice: "install that one: npm install --global bun@1.4.5",
  });
});

test("memory", () => {
  expect(judgeMemory({ available: 4e9, total: 8e9 }).verdict).toBe("ok");
  expect(judgeMemory({ available: 4e8, total: 8e9 })).toMatchObject({
    verdict: "warning",
    says: "400 MB of 8 GB available",
  });
});

test("the models' directory", () => {
  const path = "/m";
  expect(judgeStore({ path, exists: true, free: 9e10 })).toMatchObject({
    verdict: "ok",
    says: "/m, 90 GB free",
  });
  expect(judgeStore({ path, exists: false }).says).toBe("/m (made at the first start)");
  expect(judgeStore({ path, exists: true, free: 1e9 }).verdict).toBe("warning");
  expect(judgeStore({ path, exists: true, problem: "EACCES" })).toMatchObject({
    verdict: "bad",
    says: "/m cannot be written to: EACCES",
  });
});

describe("the port", () => {
  const judged = (listener: Parameters<typeof judgePort>[1]) => judgePort("http://h:1", listener, "1.0.0");
  test.each([
    [{ who: "nobody" }, "ok", "http://h:1 is free"],
    [{ who: "server", ollama: "0.40.12", llamero: "1.0.0" }, "ok", "llamero 1.0.0 answers at http://h:1"],
    [
      { who: "server", ollama: "0.40.12", llamero: "0.9.0" },
      "warning",
      "llamero 0.9.0 answers at http://h:1, and this is 1.0.0",
    ],
    [{ who: "server", ollama: "0.40.12" }, "bad", "Ollama 0.40.12 answers at http://h:1"],
    [{ who: "somebody" }, "bad", "http://h:1 is taken by another program"],
    [
      { who: "forbidden", code: "EACCES" },
      "bad",
      "nothing can listen on http://h:1: ports below 1024 need a right that you do not have",
    ],
    [{ who: "forbidden", code: "EODD" }, "bad", "nothing can listen on http://h:1: EODD"],
  ] as const)("%p", (listener, verdict, says) => {
    expect(judged(listener)).toMatchObject({ check: "port", verdict, says });
    expect(judged(listener).advice === undefined).toBe(verdict === "ok");
  });
});
