import { UsageError } from "../argv.ts";
import { closest, suggestion } from "../closest.ts";
import type { CodingAgent } from "./agent.ts";
import { aider } from "./aider.ts";
import { claude } from "./claude.ts";
import { cline } from "./cline.ts";
import { codex } from "./codex.ts";
import { copilot } from "./copilot.ts";
import { AGENT_NAMES, type AgentName } from "./names.ts";
import { opencode } from "./opencode.ts";
import { pi } from "./pi.ts";
import { qwen } from "./qwen.ts";

const AGENTS: Readonly<Record<AgentName, CodingAgent>> = {
  ...{ claude, codex, opencode, qwen },
  ...{ copilot, pi, cline, aider },
};

const isAgent = (name: string): name is AgentName => Object.hasOwn(AGENTS, name);

/** @throws UsageError for an agent that there is not. */
export function findAgent(name: string): CodingAgent {
  if (isAgent(name)) return AGENTS[name];
  const near = suggestion(closest(name, AGENT_NAMES));
  throw new UsageError(`unknown agent "${name}" (must be one of ${AGENT_NAMES.join(", ")})${near}`);
}
