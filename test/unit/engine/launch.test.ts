import { describe, expect, test } from "bun:test";
import { type Launch, launchDifferences, lowerContexts, resolveLaunch } from "../../../src/engine/launch.ts";
import type { LoadOptions } from "../../../src/engine/port.ts";
import { LAUNCH_DEFAULTS, specFor } from "../../support/engine-fixtures.ts";

const launch = (options: LoadOptions, trainedContext = 8192) =>
  resolveLaunch(specFor("m", options, { trainedContext }), LAUNCH_DEFAULTS);

describe("resolveLaunch", () => {
  test.each<[string, LoadOptions, number, Partial<Launch>]>([
    ["default context", {}, 8192, { contextLength: 4096, automaticContext: true }],
    ["explicit context", { numCtx: 512 }, 8192, { contextLength: 512, automaticContext: false }],
    ["at least 4", { numCtx: 1 }, 8192, { contextLength: 4 }],
    ["at most the trained context", { numCtx: 100_000 }, 8192, { contextLength: 8192 }],
    ["the default is clamped too", {}, 2048, { contextLength: 2048 }],
    ["unknown trained context", { numCtx: 100_000 }, 0, { contextLength: 100_000 }],
    ["automatic rest", {}, 8192, { batchSize: 0, gpuLayers: -1, threads: 0, parallel: 1 }],
    ["no layer on the GPU", { numGpu: 0 }, 8192, { gpuLayers: 0 }],
    ["any negative num_gpu is automatic", { numGpu: -5 }, 8192, { gpuLayers: -1 }],
    ["explicit threads", { numThread: 3 }, 8192, { threads: 3 }],
    ["mmap and main GPU", { useMmap: false, mainGpu: 1 }, 8192, { useMmap: false, mainGpu: 1 }],
  ])("%s", (_, options, trained, expected) => {
    expect(launch(options, trained)).toMatchObject(expected);
  });

  test("what nobody asked for stays absent", () => {
    expect(launch({})).not.toContainKeys(["useMmap", "mainGpu"]);
  });

  test("the server's number of threads counts when the request has none", () => {
    const spec = specFor("m", { numThread: 0 });
    expect(resolveLaunch(spec, { ...LAUNCH_DEFAULTS, numThreads: 6 }).threads).toBe(6);
  });

  test("a draft model has a context of its own, and memory", () => {
    const draft = { path: "/draft.gguf", bytes: 1000 };
    const drafted = resolveLaunch(specFor("m", {}, { draft }), LAUNCH_DEFAULTS);
    expect(drafted.draft).toEqual({ path: "/draft.gguf", contextLength: 2048, batchSize: 64 });
    expect(drafted.memory.bytes).toBe(launch({}).memory.bytes + 1000);
    const embedding = specFor("m", {}, { draft, embeddingOnly: true });
    expect(resolveLaunch(embedding, LAUNCH_DEFAULTS)).not.toContainKey("draft");
    expect(launchDifferences(launch({}), drafted)).toEqual(["draft"]);
  });

  test("models that only embed have one slot", () => {
    const defaults = { ...LAUNCH_DEFAULTS, numParallel: 4 };
    expect(resolveLaunch(specFor("m"), defaults).parallel).toBe(4);
    expect(resolveLaunch(specFor("m", {}, { embeddingOnly: true }), defaults).parallel).toBe(1);
  });
});

describe("lowerContexts", () => {
  const spec = specFor("m", {}, { trainedContext: 0 });
  const automatic = (contextLength: number) => resolveLaunch(spec, { ...LAUNCH_DEFAULTS, contextLength });
  const lower = (launch: Launch) => lowerContexts(spec, launch).map(({ contextLength }) => contextLength);

  test.each([
    [262_144, [32_768, 4096]],
    [32_769, [32_768, 4096]],
    [32_768, [4096]],
    [4097, [4096]],
    [4096, []],
  ])("below %i: %p", (from, expected) => {
    expect(lower(automatic(from))).toEqual(expected);
  });

  test("never below what was asked for", () => {
    expect(lower(launch({ numCtx: 8192 }))).toEqual([]);
  });
});
