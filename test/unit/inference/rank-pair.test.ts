import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { PairPart } from "../../../src/engine/port.ts";
import { PairMaker } from "../../../src/inference/rank-pair.ts";

const [START, END] = [1, 2];
const codes = (text: string): number[] => Array.from(text, (char) => char.codePointAt(0)!);

/** A token is a character; what is asked for is plain text. */
const tokenizer = {
  async tokenize(text: string, options: { addSpecial: boolean; parseSpecial: boolean }): Promise<number[]> {
    if (options.addSpecial || options.parseSpecial) throw new Error("control tokens are not the user's");
    return codes(text);
  },
};

const FREE = { pair: Number.POSITIVE_INFINITY, document: Number.POSITIVE_INFINITY };
const BERT: PairPart[] = [START, "{query}", END, "{document}", END];
const QWEN: PairPart[] = [START, "Q: {query} D: {document}!", END, "A:"];

const make = async (pair: PairPart[], query: string, document: string, limits = FREE) =>
  (await PairMaker.of(pair, query, tokenizer)).make(document, limits);

describe("whole pairs", () => {
  test("tokens between texts", async () => {
    expect(await make(BERT, "q", "doc")).toEqual({
      tokens: [START, ...codes("q"), END, ...codes("doc"), END],
      cut: false,
    });
  });

  test("both in one text, and texts behind it", async () => {
    expect(await make(QWEN, "q", "doc")).toEqual({
      tokens: [START, ...codes("Q: q D: doc!"), END, ...codes("A:")],
      cut: false,
    });
  });

  test("the query's own words are no places", async () => {
    const { tokens } = await make(QWEN, "{document} $& {query}", "{query}");
    expect(tokens).toEqual([START, ...codes("Q: {document} $& {query} D: {query}!"), END, ...codes("A:")]);
  });
});

describe("cut pairs", () => {
  test("the end of the document goes", async () => {
    expect(await make(BERT, "q", "doc", { ...FREE, pair: 6 })).toEqual({
      tokens: [START, ...codes("q"), END, ...codes("do"), END],
      cut: true,
    });
    expect((await make(QWEN, "q", "doc", { ...FREE, pair: 14 })).tokens).toEqual([
      START,
      ...codes("Q: q D: d!"),
      END,
      ...codes("A:"),
    ]);
  });

  test("as asked for, or because it does not fit", async () => {
    const limited = (pair: number, document: number) => make(BERT, "q", "document", { pair, document });
    expect(await limited(100, 3)).toMatchObject({ cut: false, tokens: { length: 7 } });
    expect(await limited(6, 3)).toMatchObject({ cut: true, tokens: { length: 6 } });
    expect(await limited(7, 3)).toMatchObject({ cut: false, tokens: { length: 7 } });
  });

  test("room is what a document may have", async () => {
    const maker = await PairMaker.of(QWEN, "q", tokenizer);
    expect(maker.room(20)).toBe(7);
    expect(await maker.make("1234567", { ...FREE, pair: 20 })).toMatchObject({ cut: false });
    expect(await maker.make("12345678", { ...FREE, pair: 20 })).toMatchObject({ cut: true });
  });

  test("whatever the lengths: never longer than allowed, and whole when it fits", async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(BERT, QWEN),
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 30 }),
      async (pair, query, document, spare, most) => {
        const maker = await PairMaker.of(pair, query, tokenizer);
        const limit = spare - maker.room(0);
        const made = await maker.make(document, { pair: limit, document: most });
        const length = codes(document).length;
        expect(made.tokens.length).toBe(limit - spare + Math.min(length, spare, most));
        expect(made.cut).toBe(length > spare && most > spare);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });
});
