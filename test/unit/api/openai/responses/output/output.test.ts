import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readTools } from "../../../../../../src/api/openai/responses/input/read-tools.ts";
import { ResponseOutput } from "../../../../../../src/api/openai/responses/output/output.ts";
import type { ResponseEvent } from "../../../../../../src/api/openai/responses/schema/event.ts";
import type { OutputItem } from "../../../../../../src/api/openai/responses/schema/item.ts";
import type { GenerateEvent } from "../../../../../../src/intent/generate.ts";

type PartEvent = Exclude<GenerateEvent, { type: "done" }>;

const tools = readTools({
  tools: [
    { type: "function", name: "f" },
    { type: "custom", name: "c" },
  ],
});
const text = (said: string): PartEvent => ({ type: "text", text: said });
const thought = (said: string): PartEvent => ({ type: "thinking", text: said });
const call = (name: string, args: Record<string, unknown> = {}): PartEvent => ({
  type: "tool_call",
  call: { id: "call_1", name, arguments: args },
});

function made(parts: readonly PartEvent[], end: "completed" | "incomplete", summary = false) {
  const output = new ResponseOutput({ tools, summary, encrypted: false });
  const events = parts.flatMap((part) => [...output.push(part)]);
  events.push(...output.end(end));
  return { events, items: output.items };
}

/** Puts a text together from the pieces that events bring of it. */
function pieces(events: readonly ResponseEvent[], type: string, id: string): string {
  return events
    .flatMap((event) =>
      "delta" in event && event.type === type && event.item_id === id ? [event.delta] : [],
    )
    .join("");
}

/** What a client makes of an item by reading pieces only. */
function grown(item: OutputItem, events: readonly ResponseEvent[]): string {
  const kind = {
    message: "response.output_text.delta",
    reasoning: "response.reasoning_text.delta",
    function_call: "response.function_call_arguments.delta",
    custom_tool_call: "response.custom_tool_call_input.delta",
  }[item.type];
  return pieces(events, kind, item.id);
}

function textOf(item: OutputItem): string {
  if (item.type === "message" || item.type === "reasoning") {
    return item.content.map((part) => part.text).join("");
  }
  return item.type === "function_call" ? item.arguments : item.input;
}

const part = fc.oneof(
  fc.string({ maxLength: 3 }).map(text),
  fc.string({ maxLength: 3 }).map(thought),
  fc.constantFrom(call("f", { a: 1 }), call("c", { input: "x" }), call("unknown")),
);

describe("output", () => {
  test("whatever an answer consists of, its events add up to its items", () => {
    fc.assert(
      fc.property(
        fc.array(part),
        fc.constantFrom("completed" as const, "incomplete" as const),
        fc.boolean(),
        (parts, end, summary) => {
          const { events, items } = made(parts, end, summary);
          const of = (type: string) => events.filter((event) => event.type === type);
          const indices = items.map((_, at) => at);
          const added = of("response.output_item.added");
          const done = of("response.output_item.done");
          expect(added.map((event) => "output_index" in event && event.output_index)).toEqual(indices);
          expect(done.map((event) => "item" in event && event.item)).toEqual(items);
          expect(items.map((item) => grown(item, events))).toEqual(items.map(textOf));
          expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
          const said = parts.flatMap((one) => (one.type === "text" ? [one.text] : [])).join("");
          const messages = items.filter(({ type }) => type === "message");
          expect(messages.map(textOf).join("")).toBe(said);
          // Only what was cut can be incomplete, and that is the last item.
          const open = items.findIndex(({ status }) => status !== "completed");
          expect(open === -1 || (end === "incomplete" && open === items.length - 1)).toBe(true);
        },
      ),
    );
  });

  test.each([
    ["nothing at all", [], "completed", ["message"]],
    ["nothing but thoughts", [thought("hm")], "completed", ["reasoning", "message"]],
    ["thoughts that were cut", [thought("hm")], "incomplete", ["reasoning"]],
    ["a call", [call("f")], "completed", ["function_call"]],
    ["empty pieces", [text(""), thought("")], "incomplete", []],
    [
      "text around a call",
      [text("a"), call("c"), text("b")],
      "completed",
      ["message", "custom_tool_call", "message"],
    ],
  ] as const)("%s", (_, parts, end, types) => {
    expect(made(parts, end).items.map(({ type }) => type)).toEqual([...types]);
  });

  test("a custom tool that is called with more than its text gets all of it", () => {
    expect(made([call("c", { input: 1, more: 2 })], "completed").items[0]).toMatchObject({
      type: "custom_tool_call",
      input: '{"input":1,"more":2}',
    });
  });

  test("log-probabilities without text are not lost", () => {
    const scored = { token: "", logprob: -1, bytes: [240] };
    const [item] = made([{ type: "text", text: "", logprobs: [scored] }], "completed").items;
    expect(item).toMatchObject({ content: [{ text: "", logprobs: [{ ...scored, top_logprobs: [] }] }] });
  });
});
