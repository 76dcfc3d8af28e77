import { describe, expect, test } from "bun:test";
import { DEFAULT_SAMPLING, mergeOptions } from "../../../src/inference/options.ts";
import { decodeOptions } from "../../../src/inference/request-options.ts";

describe("decodeOptions", () => {
  test("integers are cut towards zero, null is not said, unknown keys are named", () => {
    expect(
      decodeOptions({ num_ctx: 1024.9, seed: -3.7, top_k: null, mirostat: 1, temperature: 0.25 }),
    ).toEqual({
      options: { num_ctx: 1024, seed: -3, temperature: 0.25 },
      unknown: ["mirostat"],
    });
  });

  test.each([
    ["num_ctx", "1024", 'option "num_ctx" must be of type integer'],
    ["num_gpu", true, 'option "num_gpu" must be of type integer'],
    ["use_mmap", 1, 'option "use_mmap" must be of type boolean'],
    ["temperature", "hot", 'option "temperature" must be of type float32'],
    ["stop", "a", 'option "stop" must be of type array'],
    ["stop", {}, 'option "stop" must be of type array'],
    ["stop", ["a", 1], 'option "stop" must be of an array of strings'],
  ])("%s: %j is refused", (key, value, message) => {
    expect(() => decodeOptions({ [key]: value })).toThrow(message);
  });

  test("a key of the prototype is unknown, not an option", () => {
    expect(decodeOptions(JSON.parse('{"toString":1,"__proto__":2}')).unknown).toEqual([
      "toString",
      "__proto__",
    ]);
  });
});

describe("mergeOptions", () => {
  test("nothing said: Ollama's defaults, and loading is the engine's to decide", () => {
    expect(mergeOptions({}, {})).toEqual({ load: {}, sampling: DEFAULT_SAMPLING });
  });

  test("the request wins over the PARAMETER, which wins over the default", () => {
    const { load, sampling } = mergeOptions(
      { temperature: 0.3, top_k: 5, num_ctx: 2048, stop: ["a"] },
      { temperature: 0, num_ctx: 1024, stop: [] },
    );
    expect(load).toEqual({ numCtx: 1024 });
    expect(sampling).toEqual({ ...DEFAULT_SAMPLING, temperature: 0, topK: 5, stop: [] });
  });

  test("every option arrives", () => {
    const { load, sampling } = mergeOptions(
      {},
      {
        num_ctx: 1,
        num_batch: 2,
        num_gpu: 3,
        main_gpu: 4,
        use_mmap: false,
        num_thread: 5,
        num_keep: 6,
        seed: 7,
        num_predict: 8,
        top_k: 9,
        top_p: 10,
        min_p: 11,
        typical_p: 12,
        repeat_last_n: 13,
        temperature: 14,
        repeat_penalty: 15,
        presence_penalty: 16,
        frequency_penalty: 17,
        stop: ["x"],
      },
    );
    expect(load).toEqual({ numCtx: 4, numBatch: 2, numGpu: 3, mainGpu: 4, useMmap: false, numThread: 5 });
    expect(sampling).toEqual({
      draftNumPredict: -1,
      numKeep: 6,
      seed: 7,
      numPredict: 8,
      topK: 9,
      topP: 10,
      minP: 11,
      typicalP: 12,
      repeatLastN: 13,
      temperature: 14,
      repeatPenalty: 15,
      presencePenalty: 16,
      frequencyPenalty: 17,
      stop: ["x"],
    });
  });
});
