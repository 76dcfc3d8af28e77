import { afterEach, expect, spyOn, test } from "bun:test";
import fc from "fast-check";
import { answerReader } from "../../../src/output/answer-reader.ts";
import { Feed } from "../../../src/output/feed.ts";
import { SAMPLES, TOOLS } from "../../support/answer-samples.ts";
import { cutAt, joined, readPieces, styleOf } from "../../support/read-parts.ts";

const TEMPLATES = [
  ...new Set(SAMPLES.map(({ template }) => template)),
  "<tool_call>[TOOL_CALLS]<function=>>>all<|python_tag|>",
];

/** Pieces of the answers' own syntax, so that readers get deep into what then goes wrong. */
const WORDS = [
  ...new Set(SAMPLES.flatMap(({ answer }) => answer.split(/(?<=[>\]}"'\n:,(= ])|(?=[<[{"'])/))),
  "<think>",
  "</think>",
  "```",
  "{",
  "[",
  "(",
  "\\",
  "\u{1f600}",
];

const thinkingStyle = (template: string) =>
  styleOf(
    `{{ range .Messages }}{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ end }}${template}`,
  );

const answers = fc.oneof(
  fc.array(fc.constantFrom(...WORDS), { maxLength: 30 }).map((words) => words.join("")),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(...SAMPLES).map(({ answer }) => answer),
);
const cases = fc.record({
  template: fc.constantFrom(...TEMPLATES),
  thinking: fc.boolean(),
  text: answers,
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
});

test("where the text is cut makes no difference", () => {
  fc.assert(
    fc.property(cases, ({ template, thinking, text, cuts }) => {
      const style = thinking ? thinkingStyle(template) : styleOf(template);
      const pieces = cutAt(
        text,
        cuts.map((cut) => Math.floor(cut * text.length)),
      );
      const whole = readPieces(style, [text], { think: thinking });
      expect(readPieces(style, pieces, { think: thinking })).toEqual(whole);
      expect(readPieces(style, text.split(""), { think: thinking })).toEqual(whole);
    }),
    { numRuns: 1500 },
  );
});

test("without a call or thinking, what comes out is what went in", () => {
  const plain = TEMPLATES.filter(
    (template) => !template.includes("<|start|>") && !template.includes(">>>all"),
  );
  fc.assert(
    fc.property(fc.constantFrom(...plain), answers, (template, text) => {
      const parts = readPieces(styleOf(template), [text]);
      if (parts.some((part) => typeof part === "object" && "call" in part)) return;
      const shown = parts.map((part) =>
        typeof part === "string" ? part : "broken" in part ? part.broken : "",
      );
      expect(shown.join("")).toBe(text);
    }),
    { numRuns: 1500, examples: [["<tool_call>", "[\nnow("]] },
  );
});

test("what is held never exceeds what was pushed, and nothing is held at the end", () => {
  fc.assert(
    fc.property(cases, ({ template, thinking, text }) => {
      const style = thinking ? thinkingStyle(template) : styleOf(template);
      const reader = answerReader(style, { tools: TOOLS, think: thinking, prompt: "" })!;
      for (const [at, character] of text.split("").entries()) {
        reader.push(character);
        expect(reader.held).toBeWithin(0, at + 2);
      }
      joined(reader.end());
      expect(reader.held).toBe(0);
    }),
    { numRuns: 300 },
  );
});

/** Texts that tempt a reader to look again and again at the same characters. */
const HARD = [
  "<tool_call>{".repeat(4000),
  `<tool_call>${"[".repeat(40_000)}`,
  '{"name": '.repeat(5000),
  '{"name":\n'.repeat(5000),
  `{"name": "${"a".repeat(40_000)}`,
  "```json\n{".repeat(5000),
  " ".repeat(40_000),
  "\n".repeat(40_000),
  "<tool_call><function=get_weather>".repeat(1500),
  "[TOOL_CALLS]".repeat(4000),
  "[get_weather(".repeat(4000),
  "<|python_tag|>(".repeat(3000),
  "<｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>".repeat(1500),
  "<".repeat(40_000),
  "<|channel|>".repeat(4000),
  "<|start|>".repeat(4000),
];

const restore: (() => void)[] = [];
afterEach(() => {
  for (const undo of restore.splice(0)) undo();
});

test.each(HARD)(
  "every character is taken once, and what is looked at again is no longer than a tag: %#",
  (text) => {
    for (const template of TEMPLATES) {
      let taken = 0;
      let longest = 0;
      const { take, push } = Feed.prototype;
      const takes = spyOn(Feed.prototype, "take").mockImplementation(function (this: Feed, length: number) {
        const result = take.call(this, length);
        taken += result.length;
        return result;
      });
      const pushes = spyOn(Feed.prototype, "push").mockImplementation(function (this: Feed, piece: string) {
        longest = Math.max(longest, this.unread.length);
        push.call(this, piece);
      });
      restore.push(
        () => takes.mockRestore(),
        () => pushes.mockRestore(),
      );
      readPieces(styleOf(template), text.match(/[\s\S]{1,4}/g) ?? []);
      expect(taken).toBe(text.length);
      expect(longest).toBeLessThan(30);
      takes.mockRestore();
      pushes.mockRestore();
    }
  },
);
