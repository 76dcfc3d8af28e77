import { type Static, Type } from "@sinclair/typebox";

/** Types of blocks with calls and results of Anthropic's own tools: server tools, tool search, MCP connectors, code execution. */
const HOSTED_TYPE =
  "^(server_tool_use|mcp_tool_use|mcp_tool_listing|container_upload|browser_state|fallback|(?!tool_result$)[a-z_]+_tool_result)$";

/** A block of a hosted tool, accepted so that a conversation that began at another server can go on here. */
export const HostedBlock = Type.Object(
  { type: Type.String({ pattern: HOSTED_TYPE, description: "Its kind, e.g. `web_search_tool_result`." }) },
  {
    title: "AnthropicHostedBlock",
    description: "What a hosted tool did. It is left out, which a `Warning` tells.",
    additionalProperties: true,
  },
);
export type HostedBlock = Static<typeof HostedBlock>;

const hosted = new RegExp(HOSTED_TYPE);

export const isHostedType = (type: string): boolean => hosted.test(type);
