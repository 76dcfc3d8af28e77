import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { digestOfHex, hexOf, parseDigest } from "../../../src/lib/digest.ts";

const HEX = "0123456789abcdef".repeat(4);
const GOOD = `sha256:${HEX}`;
const hex64 = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });

describe("parseDigest", () => {
  test.each<[string, unknown]>([
    ["nothing", ""],
    ["the prefix alone", "sha256:"],
    ["no prefix", HEX],
    ["a dash for the colon", `sha256-${HEX}`],
    ["another algorithm", `sha512:${HEX}`],
    ["an upper-case prefix", `SHA256:${HEX}`],
    ["upper-case digits", GOOD.toUpperCase().replace("SHA256", "sha256")],
    ["one digit less", GOOD.slice(0, -1)],
    ["one digit more", `${GOOD}0`],
    ["a newline at the end", `${GOOD}\n`],
    ["a newline for the last digit", `${GOOD.slice(0, -1)}\n`],
    ["a blank in front", ` ${GOOD}`],
    ["a NUL at the end", `${GOOD}\0`],
    ["a NUL for the last digit", `${GOOD.slice(0, -1)}\0`],
    ["a traversal as long as a digest", `sha256:${"../".repeat(21)}x`],
    ["a traversal before the digits", `sha256:../${HEX.slice(3)}`],
    ["a traversal after a digest", `${GOOD}/../../etc/passwd`],
    ["full-width digits", `sha256:${"\uff10".repeat(64)}`],
    ["a second line", `x\n${GOOD}`],
    ["a number", 7],
    ["null", null],
    ["an array that prints as a digest", [GOOD]],
  ])("refuses %s", (_, text) => {
    expect(parseDigest(text)).toBeUndefined();
  });

  test("takes 64 lower-case hex digits after the prefix and gives them back", () => {
    fc.assert(
      fc.property(hex64, (hex) => {
        const digest = parseDigest(`sha256:${hex}`);
        expect(digest).toBe(digestOfHex(hex));
        expect(hexOf(digestOfHex(hex))).toBe(hex);
      }),
    );
  });

  test("what it takes is safe as a file name, whatever it is given", () => {
    const unit = fc.constantFrom("a", "0", "F", "g", "/", "\\", ".", "\0", "\n", ":", "-", "é", "\ud800");
    const tail = fc.string({ unit, minLength: 60, maxLength: 68 });
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), tail, hex64),
        fc.constantFrom("sha256:", "sha256-", ""),
        (text, prefix) => {
          const digest = parseDigest(prefix + text);
          if (digest === undefined) return;
          expect(hexOf(digest)).toMatch(/^[0-9a-f]+$/);
          expect(hexOf(digest)).toHaveLength(64);
          expect(digest.startsWith("sha256:")).toBe(true);
        },
      ),
    );
  });

  test("one changed character makes it another digest or none", () => {
    fc.assert(
      fc.property(
        hex64,
        fc.nat(70),
        fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
        (hex, at, other) => {
          const text = `sha256:${hex}`;
          const changed = text.slice(0, at) + other + text.slice(at + 1);
          const hexDigit = at >= 7 && /^[0-9a-f]$/.test(other);
          expect(parseDigest(changed) !== undefined).toBe(hexDigit || changed === text);
        },
      ),
    );
  });
});

test("digestOfHex takes nothing but a digest", () => {
  for (const hex of ["", HEX.toUpperCase(), `${HEX}\n`, `../${HEX.slice(3)}`]) {
    expect(() => digestOfHex(hex)).toThrow("not a SHA-256 in hex");
  }
});
