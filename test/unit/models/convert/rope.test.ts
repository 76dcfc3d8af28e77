import { expect, test } from "bun:test";
import { readRope } from "../../../../src/models/convert/rope.ts";

const KINDS = ["linear", "yarn", "llama3"];

function rope(fields: Record<string, unknown>, headSize = 8, base?: number) {
  const { metadata, computed } = readRope({ label: "config.json", fields }, "x", headSize, KINDS, base);
  return { metadata: Object.fromEntries(metadata.map(([key, value]) => [key, value.value])), computed };
}

test.each([
  [{}, {}],
  [{ rope_theta: 5e5 }, { "x.rope.freq_base": 5e5 }],
  [{ rope_theta: 5e5, rope_scaling: null }, { "x.rope.freq_base": 5e5 }],
  [{ rope_theta: 1, rope_parameters: { rope_theta: 7, rope_type: "default" } }, { "x.rope.freq_base": 7 }],
  [
    { rope_scaling: { type: "linear", factor: 2 } },
    { "x.rope.scaling.type": "linear", "x.rope.scaling.factor": 2 },
  ],
  [
    {
      rope_scaling: {
        rope_type: "yarn",
        factor: 4,
        original_max_position_embeddings: 32_768,
        attention_factor: 0.5,
        beta_fast: 32,
        beta_slow: null,
      },
    },
    {
      "x.rope.scaling.type": "yarn",
      "x.rope.scaling.factor": 4,
      "x.rope.scaling.original_context_length": 32_768,
      "x.rope.scaling.yarn_attn_factor": 0.5,
      "x.rope.scaling.yarn_beta_fast": 32,
    },
  ],
])("%j", (fields, metadata) => {
  expect(rope(fields)).toEqual({ metadata, computed: [] });
});

test("a family's base is used where the config has none", () => {
  expect(rope({}, 8, 1e6).metadata).toEqual({ "x.rope.freq_base": 1e6 });
});

test("Llama 3.2's divisors: high frequencies stay, low ones are slowed down, some are blended", () => {
  const scaling = {
    rope_type: "llama3",
    factor: 32,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 8192,
  };
  const [divisors] = rope({ rope_theta: 500_000, rope_scaling: scaling }, 64).computed;
  expect(divisors?.target).toBe("rope_freqs.weight");
  const values = [...(divisors?.values ?? [])];
  expect(values).toHaveLength(32);
  expect(values.slice(0, 15)).toEqual(Array(15).fill(1));
  expect(values.slice(18)).toEqual(Array(14).fill(32));
  // As llama.cpp's own conversion computes them.
  expect(values.slice(15, 18).map((value) => value.toFixed(4))).toEqual(["1.6513", "3.2923", "9.6667"]);
});

test.each([
  [{ rope_scaling: { type: "dynamic", factor: 2 } }, 'rope_scaling "dynamic" is not supported'],
  [{ rope_scaling: { type: "linear" } }, "config.json: rope_scaling: factor must be a positive number"],
  [{ rope_scaling: { type: "yarn", factor: 2 } }, "original_max_position_embeddings must be a whole number"],
  [{ rope_scaling: "linear" }, "rope_scaling must be an object"],
  [{ rope_theta: "x" }, "config.json: rope_theta must be a positive number"],
])("refuses %j", (fields, message) => {
  expect(() => rope(fields)).toThrow(message);
});
