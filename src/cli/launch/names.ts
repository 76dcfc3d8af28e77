/** The agents that can be launched, apart from what they take: help and completion need no more. */
export const AGENT_NAMES = [
  "claude",
  "codex",
  "opencode",
  "qwen",
  "copilot",
  "pi",
  "cline",
  "aider",
] as const;
export type AgentName = (typeof AGENT_NAMES)[number];
