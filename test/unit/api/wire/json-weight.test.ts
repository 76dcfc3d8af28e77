import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { JsonWeight } from "../../../../src/api/wire/json-weight.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function isTooMuch(bytes: Uint8Array, size = 65_536): boolean {
  const weight = new JsonWeight();
  try {
    for (let at = 0; at < bytes.length; at += size) weight.add(bytes.subarray(at, at + size));
    return false;
  } catch (error) {
    expect(error).toMatchObject({
      status: 413,
      message: "the request body has too many values in it",
    });
    return true;
  }
}

const repeated = (text: string, count: number): string => `[${`${text},`.repeat(count)}0]`;

describe("bodies that would hold up the server (D2, D4 of the reliability report)", () => {
  test.each([
    ["empty lists", repeated("[]", 1_000_000)],
    ["empty objects", repeated("{}", 1_000_000)],
    ["numbers", repeated("1", 3_000_000)],
    ["unknown keys", `{${Array.from({ length: 400_000 }, (_, at) => `"k${at}":1`).join()}}`],
    ["one key again and again", `{${'"k":1,'.repeat(400_000)}"k":1}`],
    ["escapes", `"${"\\n".repeat(20_000_000)}"`],
    ["quotes in a text", `"${'\\"'.repeat(20_000_000)}"`],
  ])("%s", (_, text) => {
    expect(isTooMuch(bytesOf(text))).toBe(true);
  });
});

describe("what people send", () => {
  const image = "iVBORw0KGgo".repeat(5_000_000);
  const message = '{"role":"user","content":"How are you? \\"Fine\\", she said.\\n"}';
  test.each([
    ["64 MB of images", `{"images":["${image}"]}`],
    ["a text of 20 MB, escaped as prose is", `"${`${"word ".repeat(15)}\\n`.repeat(260_000)}"`],
    ["20,000 messages", repeated(message, 20_000)],
    ["a context of half a million tokens", repeated("12345", 500_000)],
    ["2,048 inputs of 200 tokens", repeated(`[${"12345,".repeat(199)}0]`, 2_048)],
    ["2,048 texts", repeated(`"${"word ".repeat(500)}"`, 2_048)],
  ])("%s", (_, text) => {
    expect(isTooMuch(bytesOf(text), 1 << 20)).toBe(false);
  });
});

test("a body weighs the same wherever it is cut", () => {
  const piece = fc.constantFrom('"', "\\", "[", ",", "a", '\\"', '"\\\\"', "{", ":", "é");
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      (pieces, size) => {
        const bytes = bytesOf(
          pieces
            .join("")
            .repeat(Math.ceil(200_000 / pieces.length))
            .slice(0, 400_000),
        );
        expect(isTooMuch(bytes, size)).toBe(isTooMuch(bytes));
      },
    ),
    { numRuns: 30 },
  );
});
