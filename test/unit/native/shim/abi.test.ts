import { cc } from "bun:ffi";
import { beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extractLlamaHeaders } from "../../../support/llama-headers.ts";

const SHIM = join(import.meta.dir, "../../../../native/shim");
const abi = ["abi.h", "mtmd-abi.h"].map((name) => readFileSync(join(SHIM, name), "utf8")).join("\n");
let include: string;
let real: string;

beforeAll(async () => {
  include = await extractLlamaHeaders();
  real = ["llama.h", "ggml-backend.h", "ggml-alloc.h", "ggml.h", "gguf.h", "mtmd.h"]
    .map((name) => readFileSync(join(include, name), "utf8"))
    .join("\n");
}, 60_000);

/** `struct name { … }` blocks of abi.h with their fields' names, those of llama.cpp. */
function structs(): [string, string[]][] {
  return [...abi.matchAll(/^struct ((?!cookie)\w+) \{\n([\s\S]*?)\n\};/gm)].map(
    ([, name = "", body = ""]) => [
      name,
      body.split("\n").map((line) => /(\w+)(?:\)\([^)]*\))?;$/.exec(line)?.[1] ?? ""),
    ],
  );
}

/** Compiles a C function that evaluates `expressions` after `header`, and calls it for each. */
function evaluate(header: string, flags: string[], expressions: readonly string[]): number[] {
  const source = join(mkdtempSync(join(tmpdir(), "llamero-abi-")), "probe.c");
  const cases = expressions.map((expression, index) => `case ${index}: return (long long)(${expression});`);
  writeFileSync(
    source,
    `${header}\nlong long probe(int i) { switch (i) { ${cases.join("\n")} } return -99; }\n`,
  );
  const { symbols } = cc({ source, flags, symbols: { probe: { args: ["i32"], returns: "i64" } } });
  return expressions.map((_, index) => Number(symbols.probe(index)));
}

const ours = (expressions: readonly string[]) =>
  evaluate('#include "abi.h"\n#include "mtmd-abi.h"', [`-I${SHIM}`], expressions);
const theirs = (expressions: readonly string[]) =>
  evaluate(
    '#include "llama.h"\n#include "gguf.h"\n#include "mtmd.h"',
    [`-I${include}`, "-Dstatic_assert(a,b)=", "-D_Static_assert(a,b)="],
    expressions,
  );

describe("abi.h agrees with the real headers", () => {
  test("sizes and offsets of every struct passed by value", () => {
    const offset = (struct: string, field: string) => `(unsigned long)&((struct ${struct}*)0)->${field}`;
    const expressions = structs().flatMap(([name, fields]) => [
      `sizeof(struct ${name})`,
      ...fields.map((field) => offset(name, field)),
      ...fields.map((field) => `sizeof(((struct ${name}*)0)->${field})`),
    ]);
    expect(expressions.length).toBeGreaterThan(100);
    const expected = theirs(expressions);
    const got = ours(expressions);
    expect(expressions.map((expression, i) => `${expression} = ${got[i]}`)).toEqual(
      expressions.map((expression, i) => `${expression} = ${expected[i]}`),
    );
  });

  test("values of every constant", () => {
    const names = [...abi.matchAll(/^#define ((?:LLAMA|GGML|MTMD)_\w+) /gm)].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(8);
    // GGML_LOG_LEVEL_… of ggml.h counts from NONE = 0.
    expect(ours(names)).toEqual(theirs(names));
  });

  test("the KV cache types that the runner offers", () => {
    const types = { f32: 0, f16: 1, q4_0: 2, q4_1: 3, q5_0: 6, q5_1: 7, q8_0: 8, iq4_nl: 20, bf16: 30 };
    const names = Object.keys(types).map((name) => `GGML_TYPE_${name.toUpperCase()}`);
    expect(theirs(names)).toEqual(Object.values(types));
  });

  test("every function's parameters and result", () => {
    const declared = [...abi.matchAll(/^([\w\s*]+?)\b((?:llama|ggml|gguf|mtmd)_\w+)\(([^)]*)\);/gm)];
    expect(declared.length).toBeGreaterThan(80);
    for (const [, result = "", name = "", parameters = ""] of declared) {
      const match = new RegExp(
        `(?:LLAMA_API|GGML_API|GGML_BACKEND_API|MTMD_API)\\s+([\\w\\s*]+?)\\s*\\b${name}\\s*\\(([^)]*)\\)\\s*;`,
      ).exec(real.replace(/\/\/[^\n]*/g, ""));
      expect(match, `${name} is in the real headers`).not.toBeNull();
      expect(`${name}: ${signature(result, parameters)}`).toBe(
        `${name}: ${signature(match![1]!, match![2]!)}`,
      );
    }
  });
});

/** Types only, in one spelling: enums are int, `struct x` is x, names and spaces are gone. */
function signature(result: string, parameters: string): string {
  const types = parameters
    .split(",")
    .map((parameter) => parameter.trim().replace(/(\w+)$/, (word) => (isType(word) ? word : "")));
  return [result, ...types].map(normalize).join("; ");
}

const isType = (word: string): boolean =>
  /^(void|bool|float|int|int32_t|int64_t|size_t|uint32_t)$/.test(word);

function normalize(type: string): string {
  return type
    .replace(/enum\s+\w+/g, "int32_t")
    .replace(/\bint\b/g, "int32_t")
    .replace(/\bstruct /g, "")
    .replace(/\bllama_pooling_type\b/g, "int32_t")
    .replace(/\s+/g, " ")
    .replace(/\s*\*\s*/g, "*")
    .trim();
}
