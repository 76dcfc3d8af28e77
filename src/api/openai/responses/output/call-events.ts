import type { ResponseEvent } from "../schema/event.ts";
import type { CustomCallItem, FunctionCallItem } from "../schema/item.ts";

export type CallItem = FunctionCallItem | CustomCallItem;

/** The events of a call, whose arguments come in one piece: they are known once they are whole. */
export function* callEvents(item: CallItem, output_index: number): Generator<ResponseEvent> {
  const place = { item_id: item.id, output_index };
  const begun: CallItem =
    item.type === "function_call"
      ? { ...item, status: "in_progress", arguments: "" }
      : { ...item, status: "in_progress", input: "" };
  yield { type: "response.output_item.added", output_index, item: begun };
  if (item.type === "function_call") {
    yield { type: "response.function_call_arguments.delta", ...place, delta: item.arguments };
    yield { type: "response.function_call_arguments.done", ...place, arguments: item.arguments };
  } else {
    yield { type: "response.custom_tool_call_input.delta", ...place, delta: item.input };
    yield { type: "response.custom_tool_call_input.done", ...place, input: item.input };
  }
  yield { type: "response.output_item.done", output_index, item };
}
