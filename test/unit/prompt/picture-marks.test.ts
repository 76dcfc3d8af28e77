import { describe, expect, test } from "bun:test";
import type { CompletionInput } from "../../../src/intent/generate.ts";
import type { Message } from "../../../src/intent/message.ts";
import { PictureMarks } from "../../../src/prompt/picture-marks.ts";

const marks = new PictureMarks("a1b2");
const user = (content: string, images: string[], imagePlaces?: number[]): Message => ({
  role: "user",
  content,
  ...(images.length > 0 && { images }),
  ...(imagePlaces !== undefined && { imagePlaces }),
});
/** What a template that prints the texts one after the other makes of it. */
const shown = (...messages: Message[]): string =>
  marks.shown(
    marks
      .inMessages(messages)
      .map(({ content }) => content)
      .join("|"),
  );

describe("where a picture goes", () => {
  test.each<[string, string, number, number[] | undefined, string]>([
    ["in front of the text", "what is this?", 1, undefined, "[img-0]what is this?"],
    ["in place of a placeholder", "is [img] this?", 1, undefined, "is [img-0] this?"],
    ["several, the last ones in front", "first [img] then", 2, undefined, "[img-1]first [img-0] then"],
    ["by its number", "b [img-1] a [img-0]", 2, undefined, "b [img-1] a [img-0]"],
    ["where the dialect says", "ab", 2, [0, 1], "[img-0]a[img-1]b"],
    ["behind the text", "repeat:", 1, [7], "repeat:[img-0]"],
    ["and a placeholder is text then", "[img] x", 1, [7], "[img] x[img-0]"],
  ])("%s", (_, content, count, places, expected) => {
    const images = Array.from({ length: count }, (__, index) => `base64 ${index}`);
    // Numbers as people see them count from the front, so places are compared by splitting as well.
    const [message] = marks.inMessages([user(content, images, places)]);
    const parts = marks.split(message!.content);
    expect(parts.filter((part) => typeof part === "number").length).toBe(count);
    expect(parts.map((part) => (typeof part === "number" ? `[img-${part}]` : part)).join("")).toBe(expected);
  });

  test("numbers count over the conversation; what people see counts what is left", () => {
    expect(shown(user("a", ["x"]), user("b", []), user("c", ["y", "z"]))).toBe("[img-0]a|b|[img-1][img-2]c");
    const marked = marks.inMessages([user("a", ["x"]), user("c", ["y"])]);
    expect(marks.split(marked[1]!.content)).toEqual([1, "c"]);
    expect(marks.shown(marked[1]!.content)).toBe("[img-0]c");
  });

  test("a space behind pictures in front, as named renderers have it", () => {
    const [message] = marks.inMessages([user("what?", ["x"])], true);
    expect(marks.shown(message!.content)).toBe("[img-0] what?");
  });

  test("the files do not travel with the texts", () => {
    const [message] = marks.inMessages([user("a", ["x".repeat(1000)])]);
    expect(JSON.stringify(message).length).toBeLessThan(100);
    const input: CompletionInput = { type: "completion", prompt: "a", raw: true, images: ["x".repeat(1000)] };
    expect(JSON.stringify(marks.inPrompt(input)).length).toBeLessThan(150);
  });
});

test.each(["[img]", "[img-0]", "[img-ffff-0]", "<__media__>", "<start_of_image>"])(
  "%s without a picture is text",
  (text) => {
    expect(marks.split(marks.inMessages([user(text, [])])[0]!.content)).toEqual([text]);
    expect(marks.inPrompt({ type: "completion", prompt: text, raw: true, images: [] }).prompt).toBe(text);
  },
);

test("nothing is one empty text", () => {
  expect(marks.split("")).toEqual([""]);
});
