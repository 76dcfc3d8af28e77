import { type Static, Type } from "@sinclair/typebox";
import { literals } from "../../wire/fields.ts";
import { dotted, refusing } from "../../wire/refusal.ts";
import { block } from "./block.ts";
import { AnthropicWireTool } from "./tool.ts";

const Reference = Type.Object(
  {
    type: Type.Literal("tool_reference", { description: "`tool_reference`." }),
    name: Type.String({ minLength: 1, description: "Its name." }),
  },
  { title: "AnthropicToolChangeReference", description: "A tool of `tools`, or one that a message defines." },
);

const Definition = Type.Object(
  {
    type: Type.Literal("tool_definition", { description: "`tool_definition`." }),
    definition: AnthropicWireTool,
  },
  { title: "AnthropicToolDefinition", description: "A tool as `tools` has it." },
);

const McpReference = Type.Object(
  { type: Type.Union(literals("mcp_tool_reference", "mcp_toolset_reference"), { description: "Its kind." }) },
  {
    title: "AnthropicMcpReference",
    description: "Tools of an MCP server, to which this server does not connect.",
    additionalProperties: true,
  },
);

/** Offers a tool from its place in the conversation on. A prompt has one list of tools, so that the model sees it from the start. */
export const ToolAddition = block("AnthropicToolAdditionBlock", "tool_addition", "A tool that is offered.", {
  tool: refusing(
    Type.Union([Reference, Definition, McpReference], { description: "Which." }),
    (_, path) => `${dotted(path)}: must be a tool_reference with a name, or a tool_definition`,
  ),
});

/** Withdraws a tool. */
export const ToolRemoval = block("AnthropicToolRemovalBlock", "tool_removal", "A tool that is withdrawn.", {
  tool: refusing(
    Type.Union([Reference, McpReference], { description: "Which." }),
    (_, path) => `${dotted(path)}: must be a tool_reference with a name`,
  ),
});

export type ToolChange = Static<typeof ToolAddition> | Static<typeof ToolRemoval>;

export const isToolChange = <B extends { type: string }>(block: B): block is Extract<B, ToolChange> =>
  block.type === "tool_addition" || block.type === "tool_removal";
