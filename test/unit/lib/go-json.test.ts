import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { encodeGoJson, encodeSortedGoJson, jsonInteger } from "../../../src/lib/go-json.ts";

const sha256 = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("hex");

describe("encodeGoJson", () => {
  test.each<[object | string, string]>([
    [{ response: "a<b>&c" }, '{"response":"a\\u003cb\\u003e\\u0026c"}'],
    [{ "<k>": 1 }, '{"\\u003ck\\u003e":1}'],
    ["line\u2028paragraph\u2029", '"line\\u2028paragraph\\u2029"'],
    ["\b\f\n\r\t\u0001\u007f/é🦙", '"\\b\\f\\n\\r\\t\\u0001\u007f/é🦙"'],
    ["half \ud83e of it", '"half \\ufffd of it"'],
    ["written \\ud83e out", '"written \\\\ud83e out"'],
    [{ z: 1, a: [true, null, 1e21, 1e-7, 0.1], gone: undefined }, '{"z":1,"a":[true,null,1e+21,1e-7,0.1]}'],
    [{ big: jsonInteger(18_446_744_073_709_551_615n) }, '{"big":18446744073709551615}'],
    [{ small: jsonInteger(-7n) }, '{"small":-7}'],
  ])("%j", (value, text) => {
    expect(encodeGoJson(value)).toBe(text);
  });

  test("says what it was given, half characters aside, with nothing that HTML minds", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = encodeGoJson(value);
        expect(text).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("encodeSortedGoJson", () => {
  test.each<[unknown, string]>([
    [
      { b: { z: 1, a: [{ d: 1, c: 2 }] }, a: undefined, B: "<" },
      '{"B":"\\u003c","b":{"a":[{"c":2,"d":1}],"z":1}}',
    ],
    [{ 10: 1, 9: 2, a: 3, "-": 4 }, '{"-":4,"10":1,"9":2,"a":3}'],
    [{ "\ufb00": 1, "🦙": 2 }, '{"\ufb00":1,"🦙":2}'],
    [[undefined, null, "x"], '[null,null,"x"]'],
  ])("%j", (value, text) => {
    expect(encodeSortedGoJson(value)).toBe(text);
  });

  test("gives a params blob the digest that Ollama gives it", () => {
    const text = encodeSortedGoJson({ top_k: 10, stop: ["USER:", "ASSISTANT:"], temperature: 1 });
    expect(sha256(`${text}\n`)).toMatch(/^1d0ad712.*1e37$/);
  });

  test("gives a config blob the digest that Ollama gives it, in the order of its keys", () => {
    const config = {
      model_format: "gguf",
      model_family: "test",
      model_families: ["test"],
      model_type: "0",
      file_type: "unknown",
      architecture: "amd64",
      os: "linux",
    };
    expect(sha256(`${encodeGoJson(config)}\n`)).toMatch(/^99759ad5.*c8c$/);
  });
});
