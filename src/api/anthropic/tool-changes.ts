import type { CountTokensRequest } from "./schema/request.ts";
import type { AnthropicWireTool } from "./schema/tool.ts";
import { isToolChange, type ToolChange } from "./schema/tool-change.ts";

const nameOf = (tool: AnthropicWireTool): unknown => ("name" in tool ? tool.name : undefined);

const changesIn = (messages: NonNullable<CountTokensRequest["messages"]>): ToolChange[] =>
  messages.flatMap(({ content }) => (Array.isArray(content) ? content.filter(isToolChange) : []));

/**
 * The tools that are offered at the end of a conversation: those of the request and those that its messages define, less those that they
 * withdraw (docs/behaviour: api-openai §9.2).
 */
export function offeredTools({ tools = [], messages = [] }: CountTokensRequest): AnthropicWireTool[] {
  let all = tools;
  const withdrawn = new Set<unknown>();
  for (const { type, tool } of changesIn(messages)) {
    if (tool.type === "tool_definition") {
      const name = nameOf(tool.definition);
      all = [...all.filter((each) => nameOf(each) !== name), tool.definition];
      withdrawn.delete(name);
    } else if (tool.type === "tool_reference") {
      if (type === "tool_removal") withdrawn.add(tool.name);
      else withdrawn.delete(tool.name);
    }
  }
  return all.filter((tool) => !withdrawn.has(nameOf(tool)));
}
