import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Instruction } from "../../../src/modelfile/instruction.ts";
import { parseModelfile } from "../../../src/modelfile/parse.ts";
import { printInstruction, printModelfile } from "../../../src/modelfile/print.ts";

describe("the form that a value gets", () => {
  test.each([
    ["a b", "SYSTEM a b"],
    ['say "hi" now', 'SYSTEM say "hi" now'],
    ["", 'SYSTEM ""'],
    [" a", 'SYSTEM " a"'],
    ["a\nb", 'SYSTEM "a\nb"'],
    ['a "b"\nc', 'SYSTEM """a "b"\nc"""'],
    ['"hi"', 'SYSTEM """"hi""""'],
    ['"', 'SYSTEM """""""'],
    ["<<END", 'SYSTEM "<<END"'],
    ['x """\ny', 'SYSTEM <<END\nx """\ny\nEND'],
    ['END """\ny', 'SYSTEM <<END1\nEND """\ny\nEND1'],
  ])("%j", (value, expected) => {
    expect(printInstruction({ type: "system", value })).toBe(expected);
  });

  test("parameters and messages carry their key and role", () => {
    expect(printInstruction({ type: "parameter", key: "stop", value: "<|im_end|>" })).toBe(
      "PARAMETER stop <|im_end|>",
    );
    expect(printInstruction({ type: "message", role: "user", content: "hi\nyou" })).toBe(
      'MESSAGE user "hi\nyou"',
    );
  });
});

/** Text made of the pieces that the grammar cares about, and of anything. */
const anyText = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        '"',
        '"""',
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "a",
        "#",
        "<<END",
        "END",
        "é",
        "👩‍💻",
        "\u00a0",
        "\u0000",
        "FROM x",
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 20 }),
);

const anyInstruction: fc.Arbitrary<Instruction> = fc.oneof(
  fc.record({
    type: fc.constantFrom("from" as const, "system" as const, "template" as const, "license" as const),
    value: anyText,
  }),
  fc.record({
    type: fc.constant("parameter" as const),
    key: fc.constantFrom("stop", "num_ctx"),
    value: anyText,
  }),
  fc.record({
    type: fc.constant("message" as const),
    role: fc.constantFrom("system" as const, "user" as const, "assistant" as const),
    content: anyText,
  }),
);

test("a text that looks like the start of a <<WORD form stays a text, whatever follows it", () => {
  const instructions: Instruction[] = [
    { type: "from", value: "x" },
    { type: "message", role: "system", content: "<<END" },
    { type: "message", role: "system", content: "\nEND\n" },
  ];
  expect(parseModelfile(printModelfile(instructions))).toEqual(instructions);
});

test("whatever is printed reads back the same", () => {
  fc.assert(
    fc.property(fc.array(anyInstruction, { maxLength: 4 }), (rest) => {
      const instructions: Instruction[] = [{ type: "from", value: "x" }, ...rest];
      expect(parseModelfile(printModelfile(instructions))).toEqual(instructions);
    }),
    { numRuns: 2000 },
  );
});

test("the printer's text survives Windows line ends between instructions", () => {
  const text = printModelfile([
    { type: "from", value: "x" },
    { type: "system", value: "s" },
  ]).replaceAll("\n", "\r\n");
  expect(parseModelfile(text)).toEqual([
    { type: "from", value: "x" },
    { type: "system", value: "s" },
  ]);
});
