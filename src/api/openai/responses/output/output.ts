import type { GenerateEvent } from "../../../../intent/generate.ts";
import type { ToolCall } from "../../../../intent/message.ts";
import { defined } from "../../../../lib/defined.ts";
import { customInput } from "../../custom-tool.ts";
import type { ItemTool } from "../input/read-tools.ts";
import type { ResponseEvent } from "../schema/event.ts";
import type { MessageItem, OutputItem, ReasoningItem } from "../schema/item.ts";
import { type CallItem, callEvents } from "./call-events.ts";
import { type GrowingItem, type ItemEnd, itemLogprobs } from "./growing-item.ts";
import { GrowingMessage } from "./growing-message.ts";
import { GrowingReasoning, type ReasoningOptions } from "./growing-reasoning.ts";
import { itemId } from "./item-ids.ts";

/** A call as an item. The input of a custom tool is the text that the model calls it with. */
function callItem(call: ToolCall, tools: ReadonlyMap<string, ItemTool>): CallItem {
  const tool = tools.get(call.name);
  const common = {
    status: "completed" as const,
    call_id: call.id ?? "",
    name: tool?.name ?? call.name,
    ...defined({ namespace: tool?.namespace }),
  };
  if (tool?.type !== "custom") {
    const type = "function_call";
    return { id: itemId(type), type, ...common, arguments: JSON.stringify(call.arguments) };
  }
  const type = "custom_tool_call";
  return { id: itemId(type), type, ...common, input: customInput(call.arguments) };
}

type PartEvent = Exclude<GenerateEvent, { type: "done" }>;
type TextKind = "text" | "thinking";

interface Open {
  kind: TextKind;
  growing: GrowingItem<MessageItem | ReasoningItem>;
}

export interface OutputOptions extends ReasoningOptions {
  /** Tools by the names that the model has for them. */
  tools: ReadonlyMap<string, ItemTool>;
}

/** The output of a response while it grows: turns an answer's parts into items, and into the events about them. */
export class ResponseOutput {
  readonly #options: OutputOptions;
  readonly #done: OutputItem[] = [];
  #open: Open | undefined;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  /** All items, one that grows included. */
  get items(): OutputItem[] {
    return this.#open === undefined
      ? [...this.#done]
      : [...this.#done, this.#open.growing.item("incomplete")];
  }

  *push(event: PartEvent): Generator<ResponseEvent> {
    if (event.type === "tool_call") yield* this.#call(event.call);
    else yield* this.#text(event.type, event.text, event.logprobs);
  }

  /** @param end how the last item ended. An answer without text and calls has an empty message, unless it was cut. */
  *end(end: ItemEnd): Generator<ResponseEvent> {
    yield* this.#close(end);
    const silent = this.#done.every(({ type }) => type === "reasoning");
    if (!silent || end === "incomplete") return;
    yield* this.#begin("text");
    yield* this.#close(end);
  }

  *#text(kind: TextKind, text: string, logprobs: PartEvent["logprobs"]): Generator<ResponseEvent> {
    const scores = kind === "text" ? itemLogprobs(logprobs) : [];
    if (text === "" && scores.length === 0) return;
    if (this.#open?.kind !== kind) {
      yield* this.#close("completed");
      yield* this.#begin(kind);
    }
    if (this.#open !== undefined) yield* this.#open.growing.add(text, scores);
  }

  *#call(call: Extract<PartEvent, { type: "tool_call" }>["call"]): Generator<ResponseEvent> {
    yield* this.#close("completed");
    const item = callItem(call, this.#options.tools);
    yield* callEvents(item, this.#done.length);
    this.#done.push(item);
  }

  *#begin(kind: TextKind): Generator<ResponseEvent> {
    const index = this.#done.length;
    const growing =
      kind === "text"
        ? new GrowingMessage(itemId("message"), index)
        : new GrowingReasoning(itemId("reasoning"), index, this.#options);
    this.#open = { kind, growing };
    yield* growing.begin();
  }

  *#close(end: ItemEnd): Generator<ResponseEvent> {
    if (this.#open === undefined) return;
    const { growing } = this.#open;
    this.#open = undefined;
    this.#done.push(growing.item(end));
    yield* growing.end(end);
  }
}
