import type { ToolCall } from "../../../../intent/message.ts";
import { defined } from "../../../../lib/defined.ts";
import { customInput } from "../../custom-tool.ts";
import type { ItemTool } from "../input/read-tools.ts";
import type { CallItem } from "./call-events.ts";
import { itemId } from "./item-ids.ts";

/** A call as an item. The input of a custom tool is the one text that the model calls it with. */
export function callItem(call: ToolCall, tools: ReadonlyMap<string, ItemTool>): CallItem {
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
