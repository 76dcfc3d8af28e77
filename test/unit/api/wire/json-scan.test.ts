import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { firstValueEnd } from "../../../../src/api/wire/json-scan.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const scan = (text: string): number => firstValueEnd(bytes(text));

describe("what Go's decoder says is wrong", () => {
  test.each([
    ["nope", "invalid character 'o' in literal null (expecting 'u')"],
    ["x", "invalid character 'x' looking for beginning of value"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
    ["\u00e9", "invalid character '\u00c3' looking for beginning of value"],
    ["\ufeff{}", "invalid character '\u00ef' looking for beginning of value"],
    ["{x}", "invalid character 'x' looking for beginning of object key string"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
    ["[1 2]", "invalid character '2' after array element"],
    ["[1,]", "invalid character ']' looking for beginning of value"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"a\u0000"', "invalid character '\\x00' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u00g0"', "invalid character 'g' in \\u hexadecimal character escape"],
    ["-x", "invalid character 'x' in numeric literal"],
    ["1.x", "invalid character 'x' after decimal point in numeric literal"],
    ["1ex", "invalid character 'x' in exponent of numeric literal"],
    ["truly", "invalid character 'l' in literal true (expecting 'e')"],
    ["[01]", "invalid character '1' after array element"],
    ["{", "unexpected EOF"],
    ['{"a"', "unexpected EOF"],
    ['{"a":', "unexpected EOF"],
    ['{"a":1', "unexpected EOF"],
    ['"a', "unexpected EOF"],
    ["[1,", "unexpected EOF"],
    ["tru", "unexpected EOF"],
    ["[".repeat(10_001), "exceeded max depth"],
  ])("%j", (text, message) => {
    expect(() => scan(text)).toThrow(message);
  });
});

describe("where the first value ends", () => {
  test.each([
    ["{} trailing", 2],
    ["[[],{}]]", 7],
    [' {"a":[1,{"b":"]}"}]} x', 21],
    ['"a\\"b" x', 6],
    ["true,false", 4],
    ["-1.5e+3 1", 7],
    ["{}{}", 2],
    ["[{}, {}, []]", 12],
  ])("%j", (text, end) => {
    expect(scan(text)).toBe(end);
  });

  test("any JSON value, whatever follows it", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        // A blank ends a number, which could go on otherwise.
        expect(scan(`${json} }]x`)).toBe(bytes(json).length);
      }),
    );
  });
});

test("whatever the platform's parser refuses is refused here, unless it is a good value and more", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.constantFrom(...'{}[],:"1e.-tx\\'), (json, position, char) => {
      const at = position % (json.length + 1);
      const broken = json.slice(0, at) + char + json.slice(at + 1);
      let end: number | undefined;
      try {
        end = scan(`${broken} `);
      } catch {
        // Refused: then so must the platform.
      }
      if (end === undefined) expect(() => JSON.parse(broken)).toThrow();
      else JSON.parse(new TextDecoder().decode(bytes(`${broken} `).subarray(0, end)));
    }),
  );
});
