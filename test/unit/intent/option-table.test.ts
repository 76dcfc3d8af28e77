import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { SAMPLING_FIELDS } from "../../../native/runner/sampler.ts";
import { Options } from "../../../src/api/wire/options-schema.ts";
import { PARAMETERS_HELP } from "../../../src/cli/repl/help.ts";
import { DEFAULT_SAMPLING, mergeOptions } from "../../../src/inference/options.ts";
import { OPTION_NAMES, OPTIONS, optionRow, type RunOptions } from "../../../src/intent/option-table.ts";
import { parseParameter } from "../../../src/modelfile/parameters.ts";

const SAMPLE_C = join(import.meta.dir, "../../../native/shim/sample.c");

/** A value of each type, as a PARAMETER writes it and as it is. */
const SAMPLES = {
  integer: ["7", 7],
  float32: ["0.5", 0.5],
  boolean: ["true", true],
  array: ["end", "end"],
} as const;

describe.each(OPTION_NAMES)("%s", (name) => {
  const { type, load, sampling } = optionRow(name);

  test("is a field of requests and a PARAMETER of Modelfiles", () => {
    expect(Object.keys(Options.properties)).toContain(name);
    const [text, value] = SAMPLES[type];
    expect(parseParameter(name, text)).toBe(value);
  });

  test("is decided when the model is loaded or for each answer, or is told to have no effect", () => {
    const value = type === "array" ? ["end"] : SAMPLES[type][1];
    const merged = mergeOptions({}, { [name]: value } as RunOptions);
    if (load !== undefined) expect<object>(merged.load).toEqual({ [load]: value });
    if (sampling !== undefined)
      expect<object>(merged.sampling).toEqual({ ...DEFAULT_SAMPLING, [sampling]: value });
    expect([load, sampling].filter((place) => place !== undefined)).toHaveLength(1);
  });

  test("says its default, where it has one", () => {
    const row = optionRow(name);
    if (typeof row.default === "number")
      expect(row.description).toContain(String(row.default < 0 ? "default" : row.default));
    if (row.help !== undefined) expect(PARAMETERS_HELP).toContain(row.help);
  });
});

test("the defaults are Ollama's", () => {
  expect(DEFAULT_SAMPLING).toEqual({
    ...{
      draftNumPredict: -1,
      numKeep: 4,
      seed: -1,
      numPredict: -1,
      topK: 40,
      topP: 0.9,
      minP: 0,
      typicalP: 1,
      repeatLastN: 64,
    },
    ...{ temperature: 0.8, repeatPenalty: 1, presencePenalty: 0, frequencyPenalty: 0, stop: [] },
  });
  expect(Object.keys(OPTIONS)).toHaveLength(20);
});

test("the runner writes the sampler's fields in the order in which the shim reads them", async () => {
  const source = await Bun.file(SAMPLE_C).text();
  const [, body = ""] = /enum sampling_field \{([^}]*)\}/.exec(source) ?? [];
  expect(body.split(",").map((field) => field.trim())).toEqual(SAMPLING_FIELDS.map(([field]) => field));
});
