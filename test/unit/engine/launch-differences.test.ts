import { expect, test } from "bun:test";
import { launchDifferences, resolveLaunch } from "../../../src/engine/launch.ts";
import type { LoadOptions } from "../../../src/engine/port.ts";
import { LAUNCH_DEFAULTS, specFor } from "../../support/engine-fixtures.ts";

const launch = (options: LoadOptions, adapterPaths: string[] = []) =>
  resolveLaunch(specFor("m", options, { adapterPaths, trainedContext: 8192 }), LAUNCH_DEFAULTS);

test.each<[string, LoadOptions, LoadOptions, string[]]>([
  ["nothing said", {}, {}, []],
  ["another context", {}, { numCtx: 2048 }, ["num_ctx"]],
  ["explicit, then automatic again", { numCtx: 2048 }, {}, ["num_ctx"]],
  ["explicit at the automatic length", {}, { numCtx: 4096 }, []],
  ["both above the trained context", { numCtx: 9000 }, { numCtx: 100_000 }, []],
  ["both below the least context", { numCtx: 1 }, { numCtx: 3 }, []],
  ["batch set", {}, { numBatch: 128 }, ["num_batch"]],
  ["batch no longer set", { numBatch: 128 }, {}, ["num_batch"]],
  ["layers set", {}, { numGpu: 10 }, ["num_gpu"]],
  ["layers left to us again", { numGpu: 10 }, {}, []],
  ["layers -1", { numGpu: 10 }, { numGpu: -1 }, []],
  ["other layers", { numGpu: 10 }, { numGpu: 0 }, ["num_gpu"]],
  ["main GPU", {}, { mainGpu: 1 }, ["main_gpu"]],
  ["mmap", {}, { useMmap: true }, ["use_mmap"]],
  ["mmap the same", { useMmap: true }, { useMmap: true }, []],
  ["threads", { numThread: 2 }, { numThread: 4 }, ["num_thread"]],
  ["several", {}, { numCtx: 100, numThread: 4 }, ["num_ctx", "num_thread"]],
])("%s", (_, loaded, wanted, expected) => {
  expect(launchDifferences(launch(loaded), launch(wanted))).toEqual(expected);
});

test("a context that was lowered because memory was short serves automatic requests on", () => {
  const lowered = { ...launch({}), contextLength: 2048 };
  expect(launchDifferences(lowered, launch({}))).toEqual([]);
  expect(launchDifferences(lowered, launch({ numCtx: 4096 }))).toEqual(["num_ctx"]);
});

test.each<[string, string[], string[], boolean]>([
  ["none and one", [], ["a"], true],
  ["other order", ["a", "b"], ["b", "a"], true],
  ["the same", ["a", "b"], ["a", "b"], false],
])("adapters: %s", (_, loaded, wanted, differs) => {
  const differences = launchDifferences(launch({}, loaded), launch({}, wanted));
  expect(differences).toEqual(differs ? ["adapter"] : []);
});
