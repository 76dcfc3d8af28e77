import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { fullName, type ModelName, parseModelName, sameName, shortName } from "../../../src/models/name.ts";

const LETTERS = [..."abcXYZ019_"];
const part = (others: string, most: number) =>
  fc
    .tuple(
      fc.constantFrom(...LETTERS),
      fc.string({ unit: fc.constantFrom(...LETTERS, ...others), maxLength: most - 1, size: "max" }),
    )
    .map(([first, rest]) => first + rest);
const anyName: fc.Arbitrary<ModelName> = fc.record({
  host: part(".:-", 350),
  namespace: part("-", 80),
  model: part(".-", 80),
  tag: part(".-", 80),
});

/** Text, full form, and the form that users see. */
const VALID: [string, string, string][] = [
  ["smollm2", "registry.ollama.ai/library/smollm2:latest", "smollm2:latest"],
  ["llama3.2:3b", "registry.ollama.ai/library/llama3.2:3b", "llama3.2:3b"],
  ["ada/tool", "registry.ollama.ai/ada/tool:latest", "ada/tool:latest"],
  ["library/x:y", "registry.ollama.ai/library/x:y", "x:y"],
  ["LIBRARY/X:Y", "registry.ollama.ai/LIBRARY/X:Y", "X:Y"],
  ["Registry.Ollama.AI/Library/x", "Registry.Ollama.AI/Library/x:latest", "x:latest"],
  ["registry.ollama.ai/ada/x", "registry.ollama.ai/ada/x:latest", "ada/x:latest"],
  ["hf.co/user/repo:Q4_K_M", "hf.co/user/repo:Q4_K_M", "hf.co/user/repo:Q4_K_M"],
  ["example.com/library/x", "example.com/library/x:latest", "example.com/library/x:latest"],
  ["localhost:5000/ns/x", "localhost:5000/ns/x:latest", "localhost:5000/ns/x:latest"],
  ["localhost:5000/ns/x:t", "localhost:5000/ns/x:t", "localhost:5000/ns/x:t"],
  ["http://localhost:5000/ns/x:t", "localhost:5000/ns/x:t", "localhost:5000/ns/x:t"],
  ["https://hf.co/u/r", "hf.co/u/r:latest", "hf.co/u/r:latest"],
  ["_x:_y", "registry.ollama.ai/library/_x:_y", "_x:_y"],
  ["a..b:c..d", "registry.ollama.ai/library/a..b:c..d", "a..b:c..d"],
  [
    `${"m".repeat(80)}:${"t".repeat(80)}`,
    `registry.ollama.ai/library/${"m".repeat(80)}:${"t".repeat(80)}`,
    `${"m".repeat(80)}:${"t".repeat(80)}`,
  ],
];

const INVALID = [
  "",
  " ",
  " x",
  "x\n",
  "x:t\n",
  ":",
  ":t",
  "x:",
  "/x",
  "x/",
  "ns//x",
  "h//x",
  "/ns/x",
  "//x",
  "h/ns/",
  "http:///ns/x",
  "http://ns/x",
  "://h/ns/x",
  "a/b/c/d",
  "x:a:b",
  "ns:1/x",
  "ns.dot/x",
  "-x",
  ".x",
  "..",
  "../x",
  "x/..",
  "x:..",
  "x:.hidden",
  "h/../x",
  "../../x",
  "-h/ns/x",
  "x@sha256:abc",
  "x\0",
  "x\0:t",
  "ns\0/x",
  "x\\y",
  "mod el",
  "modèle",
  "ｘ",
  "m".repeat(81),
  `x:${"t".repeat(81)}`,
  `${"n".repeat(81)}/x`,
  `${"h".repeat(351)}/n/x`,
];

describe("parseModelName", () => {
  test.each(VALID)("%s", (text, full, short) => {
    const name = parseModelName(text);
    expect(name && fullName(name)).toBe(full);
    expect(name && shortName(name)).toBe(short);
  });

  test.each(INVALID)("refuses %j", (text) => {
    expect(parseModelName(text)).toBeUndefined();
  });

  test("takes the longest host and namespace", () => {
    const text = `${"h".repeat(350)}/${"n".repeat(80)}/x:t`;
    expect(fullName(parseModelName(text)!)).toBe(text);
  });

  test("reads back what the full and the short form say", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(parseModelName(fullName(name))).toEqual(name);
        expect(parseModelName(`https://${fullName(name)}`)).toEqual(name);
        const again = parseModelName(shortName(name));
        expect(again && sameName(again, name)).toBe(true);
      }),
    );
  });

  test("lets no separator, NUL or relative segment into a part, nor a part that is too long", () => {
    const unit = fc.constantFrom(...'abZ9_.-:/\\@~%\0\n é"', "..", "/../", "://");
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit, maxLength: 40 }), fc.string()), (text) => {
        const name = parseModelName(text);
        if (name === undefined) return;
        expect(name.host.length).toBeLessThanOrEqual(350);
        for (const part of [name.namespace, name.model, name.tag])
          expect(part.length).toBeLessThanOrEqual(80);
        for (const part of Object.values(name)) expect(part).toMatch(/^\w[\w.:-]*$/);
        for (const part of [name.namespace, name.model, name.tag]) expect(part).not.toContain(":");
      }),
      { numRuns: 2000 },
    );
  });
});

test("case does not make another name", () => {
  const name = parseModelName("HF.co/User/Repo:Q4_K_M")!;
  expect(sameName(name, parseModelName("hf.co/user/repo:q4_k_m")!)).toBe(true);
  expect(sameName(name, parseModelName("hf.co/user/repo:q4_k_s")!)).toBe(false);
});
