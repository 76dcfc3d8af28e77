import { describe, expect, test } from "bun:test";
import { metadataText, showLayout } from "../../../../src/cli/show/layout.ts";
import { wrapWords } from "../../../../src/cli/show/wrap-words.ts";
import type { ShowReply } from "../../../../src/client/index.ts";

const report = (more: Partial<ShowReply> = {}): ShowReply => ({
  details: {
    parent_model: "",
    format: "gguf",
    family: "test",
    families: null,
    parameter_size: "7B",
    quantization_level: "FP16",
  },
  model_info: {},
  modified_at: "2026-11-24T12:00:00Z",
  ...more,
});

describe("showLayout", () => {
  test("the least that a model has", () => {
    expect(showLayout(report(), false)).toBe(
      "  Model\n" +
        "    architecture    test    \n" +
        "    parameters      7B      \n" +
        "    quantization    FP16    \n" +
        "\n",
    );
  });

  test("every section", () => {
    const text = showLayout(
      report({
        model_info: {
          "general.architecture": "llama",
          "general.parameter_count": 134_515_008,
          "llama.context_length": 8192,
          "llama.embedding_length": 576,
        },
        requires: "0.14.0",
        capabilities: ["completion", "tools"],
        parameters: 'stop                           "<|im_start|> x"\ntemperature                    0.3\n',
        system: "You are a pirate!\n\n  Ahoy, matey!\nWeigh anchor!\n",
        license: "MIT",
      }),
      false,
    );
    expect(text).toBe(
      "  Model\n" +
        "    architecture        llama     \n" +
        "    parameters          7B        \n" +
        "    context length      8192      \n" +
        "    embedding length    576       \n" +
        "    quantization        FP16      \n" +
        "    requires            0.14.0    \n" +
        "\n" +
        "  Capabilities\n" +
        "    completion    \n" +
        "    tools         \n" +
        "\n" +
        "  Parameters\n" +
        '    stop           "<|im_start|> x"    \n' +
        "    temperature    0.3                 \n" +
        "\n" +
        "  System\n" +
        "    You are a pirate!    \n" +
        "    Ahoy, matey!         \n" +
        "    ...                  \n" +
        "\n" +
        "  License\n" +
        "    MIT    \n" +
        "\n",
    );
  });

  test("a count stands in for a missing parameter size", () => {
    const { details } = report();
    const text = showLayout(
      report({
        details: { ...details, parameter_size: "" },
        model_info: { "general.parameter_count": 1.5e9 },
      }),
      false,
    );
    expect(text).toContain("    parameters      1.5B    \n");
  });

  test("a projector", () => {
    const projector_info = {
      "general.architecture": "clip",
      "clip.vision.embedding_length": 1024,
      "clip.vision.projection_dim": 768,
    };
    expect(showLayout(report({ projector_info }), false)).toContain(
      "  Projector\n" +
        "    architecture        clip    \n" +
        "    embedding length    1024    \n" +
        "    dimensions          768     \n",
    );
  });

  test("verbose: metadata sorted, tensors with their shapes", () => {
    const more = {
      model_info: { "b.list": [1, 2, 3, 4, 5, 6, 7, 8], "a.count": 1_048_576, "c.none": null },
      tensors: [{ name: "token_embd.weight", type: "Q8_0", shape: [576, 49152] }],
    };
    expect(showLayout(report(more), true)).toContain(
      "  Metadata\n" +
        "    a.count    1048576               \n" +
        "    b.list     [1 2 3 ...+5 more]    \n" +
        "    c.none     <nil>                 \n",
    );
    expect(showLayout(report(more), true)).toContain(
      "  Tensors\n    token_embd.weight    Q8_0    [576 49152]    \n",
    );
    expect(showLayout(report(more), false)).not.toContain("Metadata");
  });

  test("a long value goes on in the next row", () => {
    const text = showLayout(report({ parameters: `stop   "${"word ".repeat(9)}"` }), false);
    expect(text).toContain(
      '    stop    "word word word word word word    \n            word word word "                  \n',
    );
  });
});

test.each([
  [[1, 2, 3], "[1 2 3]"],
  [[], "[]"],
  [["a", "b"], "[a b]"],
  [["a very long text", "b"], "[a very long text ...+1 more]"],
  [null, "<nil>"],
  [true, "true"],
  [0.1, "0.1"],
  [8192, "8192"],
])("metadata %j", (value, text) => {
  expect(metadataText(value)).toBe(text);
});

test.each([
  ["", [""]],
  ["a b", ["a b"]],
  ["aaa bbb ccc", ["aaa bbb", "ccc"]],
  ["aaaaaaaaaa b", ["aaaaaaaaaa", "b"]],
])("wrapWords %j", (text, lines) => {
  expect(wrapWords(text, 7)).toEqual(lines);
});
