import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  endsInThinking,
  type SplitText,
  ThinkingSplitter,
} from "../../../../src/output/thinking/thinking-splitter.ts";

const TAGS = { open: "<think>", close: "</think>" };

interface Options {
  tags?: { open: string; close: string };
  opened?: boolean;
}

/** What each piece gives, and at the end what was held back. */
function pieces(texts: readonly string[], { tags = TAGS, opened = false }: Options = {}): SplitText[] {
  const splitter = new ThinkingSplitter(tags, opened);
  return [...texts.map((text) => splitter.push(text)), splitter.end()];
}

function whole(texts: readonly string[], options: Options = {}): SplitText {
  const all = pieces(texts, options);
  return {
    thinking: all.map((each) => each.thinking).join(""),
    content: all.map((each) => each.content).join(""),
  };
}

/** Pieces as `thinking|content`, for tables. */
const shown = (texts: readonly string[], options?: Options): string[] =>
  pieces(texts, options).map(({ thinking, content }) => `${thinking}|${content}`);

describe("ThinkingSplitter", () => {
  test.each<[string, string, string]>([
    ["<think>abc</think>def", "abc", "def"],
    ["no tags", "", "no tags"],
    ["", "", ""],
    ["  \n", "", "  \n"],
    [" \n <think> \n abc \n </think> \n def \n", "abc \n ", "def \n"],
    ["  hello", "", "  hello"],
    ["x<think>abc</think>def", "", "x<think>abc</think>def"],
    ["<think></think>def", "", "def"],
    ["<think>  </think>  def", "", "def"],
    ["<think>a</think>b<think>c</think>d", "a", "b<think>c</think>d"],
    ["<think>a</think></think>b", "a", "</think>b"],
    ["<think>a<think>b</think>c", "a<think>b", "c"],
    ["<think>a</th</think>b", "a</th", "b"],
    ["<think>a<</think>b", "a<", "b"],
    ["<think>unclosed", "unclosed", ""],
    ["<think>unclosed </thi", "unclosed </thi", ""],
    ["<think>", "", ""],
    ["<thi", "", "<thi"],
    [" <thi", "", " <thi"],
    ["<thinking>x", "", "<thinking>x"],
    ["\u0085<think>\u00a0a</think>\u3000b", "a", "b"],
    ["\ufeff<think>a", "", "\ufeff<think>a"],
  ])("%j", (text, thinking, content) => {
    expect(whole([text])).toEqual({ thinking, content });
  });

  test("text comes as soon as it cannot be part of a tag", () => {
    expect(shown(["<th", "ink>", " a", "b<", "/thx", "c</think", "> ", "\n", " d", "<think>"])).toEqual([
      "|",
      "|",
      "a|",
      "b|",
      "</thx|",
      "c|",
      "|",
      "|",
      "|d",
      "|<think>",
      "|",
    ]);
    expect(shown([" ", "<", "t", "x"])).toEqual(["|", "|", "|", "| <tx", "|"]);
  });

  test("a held part of a tag is not lost at the end", () => {
    expect(shown(["<think>a</thi"])).toEqual(["a|", "</thi|"]);
    expect(shown([" <thi"])).toEqual(["|", "| <thi"]);
  });

  test("a prompt that ends with the opening tag has opened the thinking", () => {
    expect(whole([" \n abc</think>\n\ndef"], { opened: true })).toEqual({ thinking: "abc", content: "def" });
    expect(whole(["abc"], { opened: true })).toEqual({ thinking: "abc", content: "" });
    expect(whole(["</think>def"], { opened: true })).toEqual({ thinking: "", content: "def" });
  });

  test("tags that overlap themselves", () => {
    const tags = { open: "aab", close: "abab|" };
    expect(whole(["aab", "ab", "ab", "ab|x"], { tags })).toEqual({ thinking: "ab", content: "x" });
    expect(whole(["aaab"], { tags })).toEqual({ thinking: "", content: "aaab" });
  });

  /** The same in one piece with the means of strings. */
  function reference(text: string, opened: boolean): SplitText {
    const space = /^\p{White_Space}+/u;
    const trimmed = text.replace(space, "");
    if (!opened && !trimmed.startsWith(TAGS.open)) return { thinking: "", content: text };
    const inner = (opened ? text : trimmed.slice(TAGS.open.length)).replace(space, "");
    const end = inner.indexOf(TAGS.close);
    if (end === -1) return { thinking: inner, content: "" };
    return {
      thinking: inner.slice(0, end),
      content: inner.slice(end + TAGS.close.length).replace(space, ""),
    };
  }

  test("any cut of the output gives the same", () => {
    const part = fc.constantFrom(
      "<think>",
      "</think>",
      "<",
      "</",
      "<thi",
      "nk>",
      " ",
      "\n",
      "a",
      "😀",
      "</think",
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 12 }),
        fc.boolean(),
        fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
        (parts, opened, sizes) => {
          const text = parts.join("");
          const cut: string[] = [];
          for (let at = 0; at < text.length; at += cut.at(-1)?.length ?? 0) {
            cut.push(text.slice(at, at + (sizes.next().value ?? 1)));
          }
          expect(whole(cut, { opened })).toEqual(reference(text, opened));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("nothing is kept that could make long output slow", () => {
    const blanks = " ".repeat(200_000);
    expect(whole([...blanks, "x"])).toEqual({ thinking: "", content: `${blanks}x` });
    const almost = "</thin".repeat(50_000);
    expect(whole(["<think>", ...almost])).toEqual({ thinking: almost, content: "" });
  });
});

test.each<[string, boolean]>([
  ["<|assistant|><think>", true],
  ["<|assistant|><think>\n\n", true],
  ["<|assistant|><think></think>", false],
  ["<|assistant|>", false],
  ["", false],
])("endsInThinking(%j) is %p", (prompt, expected) => {
  expect(endsInThinking(prompt, TAGS)).toBe(expected);
});
