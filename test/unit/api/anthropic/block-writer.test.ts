import { expect, test } from "bun:test";
import fc from "fast-check";
import { BlockWriter } from "../../../../src/api/anthropic/block-writer.ts";
import type { MessageEvent } from "../../../../src/api/anthropic/schema/event.ts";
import { thinkingIn } from "../../../../src/api/anthropic/signature.ts";

type Part = Parameters<BlockWriter["push"]>[0];

function write(parts: readonly Part[], omitThinking = false): MessageEvent[] {
  const writer = new BlockWriter(omitThinking);
  return [...parts.flatMap((part) => [...writer.push(part)]), ...writer.end()];
}

/** One letter an event. */
const LETTERS: Record<string, string> = {
  content_block_start: "<",
  content_block_delta: ".",
  content_block_stop: ">",
};
const shapeOf = (events: readonly MessageEvent[]): string => events.map(({ type }) => LETTERS[type]).join("");

const text = (said: string): Part => ({ type: "text", text: said });
const thinking = (said: string): Part => ({ type: "thinking", text: said });
const call = (name: string): Part => ({ type: "tool_call", call: { name, arguments: { a: [1] } } });

test.each([
  [[], ""],
  [[text(""), thinking("")], ""],
  [[text("a"), text("b")], "<..>"],
  // A thinking block ends with its signature.
  [[thinking("a"), text("b")], "<..><.>"],
  [[text("a"), thinking("b"), text("c")], "<.><..><.>"],
  [[text("a"), call("f"), call("g"), text("b")], "<.><.><.><.>"],
] as [Part[], string][])("case %#", (parts, shape) => {
  expect(shapeOf(write(parts))).toBe(shape);
});

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.string().map(text),
  fc.string().map(thinking),
  fc.constantFrom("f", "g").map(call),
);

test("blocks follow each other, and nothing that was said is lost", () => {
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const events = write(parts);
      expect(shapeOf(events)).toMatch(/^(<\.+>)*$/);
      let block = -1;
      const said = { text: "", thinking: "", calls: 0 };
      for (const event of events) {
        if (event.type === "content_block_start") block++;
        if (!("index" in event)) throw new Error(`unexpected ${event.type}`);
        expect(event.index).toBe(block);
        if (event.type !== "content_block_delta") continue;
        if (event.delta.type === "text_delta") said.text += event.delta.text;
        else if (event.delta.type === "thinking_delta") said.thinking += event.delta.thinking;
        else if (event.delta.type === "input_json_delta") said.calls++;
      }
      const all = (type: string) =>
        parts.map((one) => (one.type === type && "text" in one ? one.text : "")).join("");
      expect(said).toEqual({
        text: all("text"),
        thinking: all("thinking"),
        calls: parts.filter(({ type }) => type === "tool_call").length,
      });
    }),
  );
});

test("thoughts that are left out are in their signatures", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }), (thoughts) => {
      const signatures = write(thoughts.map(thinking), true).flatMap((event) =>
        event.type === "content_block_delta" && event.delta.type === "signature_delta"
          ? [event.delta.signature]
          : [],
      );
      expect(signatures.map(thinkingIn).join("")).toBe(thoughts.join(""));
    }),
  );
});

test("a signature of another server says nothing", () => {
  expect(thinkingIn("EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pk")).toBeUndefined();
});
